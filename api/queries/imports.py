"""Importing over the interface, and what was imported."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import instant
from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas.imports import ImportAnswer, ImportBody, ImportedRow, ImportFile, ImportsAnswer
from qingchuan.api.services import Services
from qingchuan.store import imports
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.import_messages import Entry, Figure, Import, Told, encode, topic_of
from qingchuan.store.journal import JournalUnavailableError
from qingchuan.store.messages import Message

_SECOND = 1_000_000
_NOT_EVALUATED = 2


def imports_answer(services: Services, limit: int) -> ImportsAnswer:
    """What was imported, the newest first."""
    return ImportsAnswer([_file(file) for file in imports.import_files(services.state.engine, limit)])


def take_import(services: Services, body: ImportBody, payload: bytes) -> ImportAnswer:
    """Put what a request tells into the journal, if the same was not imported before.

    Parameters
    ----------
    services : Services
    body : ImportBody
    payload : bytes
        The body as it came, which the import is known by.

    Raises
    ------
    ProblemError
        It tells nothing, a time is none, figures are not official, or the journal takes nothing.
    """
    count = len(body.rows) + len(body.figures)
    if not count or (body.figures and (body.origin != "official" or not body.source.strip())):
        detail = "the body has neither rows nor figures; or figures, of which origin is official and source says whose"
        raise ProblemError(422, "wrong-body", f"{detail} (/api/v1/openapi.json)")
    digest = blake2b(payload, digest_size=16).hexdigest()
    known = imports.import_file(services.state.engine, digest)
    if known is not None:
        return ImportAnswer(digest, known.rows, known.sequence, already=True)
    part = _part(body, digest, count)
    message = Message("import", body.by.strip(), topic_of(part.origin, digest, part.name), encode(part))
    try:
        return ImportAnswer(digest, count, services.append([message]), already=False)
    except (JournalUnavailableError, JournalDamagedError, sqlite3.Error, OSError) as error:
        raise ProblemError(503, "journal-unavailable", str(error)) from error


def _part(body: ImportBody, digest: str, count: int) -> Import:
    rows = [_entry(line, row) for line, row in enumerate(body.rows, 1)]
    figures = [
        Figure(line, told.subject, told.figure, told.period, told.value, body.source.strip())
        for line, told in enumerate(body.figures, len(rows) + 1)
    ]
    return Import(body.name, digest, body.origin, 0, count, last=True, period=body.period, rows=rows, figures=figures)


def _entry(line: int, row: ImportedRow) -> Entry:
    texts = {item: bytes(number).decode() for item, number in row.values.items()}
    values = {item: Told(text, row.flags.get(item, _NOT_EVALUATED)) for item, text in texts.items()}
    return Entry(line, row.subject, instant("start", row.start), {**values})


def _file(file: imports.ImportFile) -> ImportFile:
    finished = None if file.finished is None else iso_time(file.finished // _SECOND)
    begun = iso_time(file.begun // _SECOND)
    return ImportFile(file.digest, file.name, file.origin, file.rows, file.refused, file.sequence, begun, finished)
