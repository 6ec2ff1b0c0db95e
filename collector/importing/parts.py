"""A file as messages of the journal, a few hundred rows each, and how far it has come in there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from qingchuan.collector.importing.mapping import FileMapping
from qingchuan.collector.importing.rows import Read, RowReader
from qingchuan.collector.importing.table import Row, Table
from qingchuan.store.import_messages import Import, encode, parse_or_none, topic_of
from qingchuan.store.imports import ImportFile
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message

_ROWS = 300
"""Rows of a message, at most."""


class Reached(NamedTuple):
    """How far a file has come.

    Attributes
    ----------
    rows : int
        Of the file that are in the journal. [-]
    finished : bool
        Whether these are all.
    sequence : int
        The message that carries the last of them; 0 if there is none.
    """

    rows: int = 0
    finished: bool = False
    sequence: int = 0


def parts(
    table: Table, reader: RowReader, mapping: FileMapping, digest: str, after: int = 0, rows: int = _ROWS
) -> Iterator[Import]:
    """The messages of a table, from the row on that follows row `after`.

    Parameters
    ----------
    table : Table
    reader : RowReader
        Of the table and the mapping.
    mapping : FileMapping
    digest : str
        Of the file and its mapping.
    after, rows : int
        Rows that are left out at the beginning, and those of a message. [-]
    """
    left = islice(table.rows, after, None)
    chunk, before = list(islice(left, rows)), after
    while True:
        following = list(islice(left, rows))
        read = _read(reader, chunk, with_unknown=before == 0)
        yield Import(
            table.name,
            digest,
            mapping.origin,
            before,
            before + len(chunk),
            not following,
            mapping.period or "instant",
            read.entries,
            read.figures,
            read.refused,
        )
        before += len(chunk)
        chunk = following
        if not chunk:
            return


def _read(reader: RowReader, rows: list[Row], *, with_unknown: bool) -> Read:
    read = Read(refused=list(reader.unknown) if with_unknown else [])
    for row in rows:
        reader(row, read)
    return read


def message_of(part: Import, by: str) -> Message:
    """The message that carries a part; `by` says who imported it.

    Examples
    --------
    >>> message_of(Import("a.csv", "0f", "manual", 0, 0, True), "lin").topic
    'manual/0f/a.csv'
    """
    return Message("import", by, topic_of(part.origin, part.digest, part.name), encode(part))


def waiting_parts(journal: JournalReader, digest: str, applied: int) -> Iterator[tuple[int, Import]]:
    """The parts of a file that are in the journal and not applied yet, with their sequence numbers."""
    at = applied
    while batches := journal.read(at):
        for batch in batches:
            for sequence, message in enumerate(batch.messages, batch.sequence):
                if message.kind == "import" and f"/{digest}/" in message.topic:
                    part = parse_or_none(message.payload)
                    if part is not None:
                        yield sequence, part
        at = batches[-1].last


def newest_run(told: Iterable[Import]) -> list[Import]:
    """Of parts of a file, in their order, those from where it was begun last.

    Examples
    --------
    >>> first, second = (Import("a.csv", "0f", "manual", before, before + 1, before == 1) for before in (0, 1))
    >>> len(newest_run([first, second, first, second])), len(newest_run([second]))
    (2, 1)
    """
    found: list[Import] = []
    for part in told:
        if not part.before:
            found.clear()
        found.append(part)
    return found


def reached(journal: JournalReader, known: ImportFile | None, digest: str, applied: int) -> Reached:
    """How far a file has come: as its messages in the journal say, those that are applied and those that wait.

    Parameters
    ----------
    journal : JournalReader
    known : ImportFile or None
        What the state says of it.
    digest : str
        Of the file and its mapping.
    applied : int
        Everything up to this message is applied.
    """
    found = Reached() if known is None else Reached(known.rows, known.finished is not None, known.sequence)
    for sequence, part in waiting_parts(journal, digest, applied):
        if sequence > found.sequence:
            found = Reached(part.through, part.last, sequence)
    return found


def fingerprint(mapping: FileMapping) -> bytes:
    """What of a mapping makes an import what it is, as bytes.

    Examples
    --------
    >>> from qingchuan.collector.importing.mapping import parse_mapping
    >>> told = {"period": "day", "subject": {"is": "330200"}, "items": {"pm25": "PM2.5"}}
    >>> one, other = (parse_mapping({**told, "time": {"column": "date", "label": way}}) for way in ("start", "end"))
    >>> fingerprint(one) == fingerprint(other)
    False
    """
    return msgspec.json.encode(mapping, order="sorted")
