"""Dead letters as answers tell them, and applying them again."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Literal

import msgspec

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import instant
from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas import dead_letters as schemas
from qingchuan.api.schemas.dead_letters import (
    AgainAnswer,
    AppliedAgain,
    DeadLetterCode,
    DeadLetterMessage,
    DeadLettersAnswer,
    DeadLetterTotal,
)
from qingchuan.api.services import Services
from qingchuan.store import dead_letters
from qingchuan.store.again import Again, naming
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.dead_letters import Wanted
from qingchuan.store.journal import JournalUnavailableError
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.state import DeadLetter

_SECOND = 1_000_000


class _AsReceived(msgspec.Struct, frozen=True):
    """Of a message that the gateway did not take, what arrived."""

    received: bytes


def moments(start: str | None, end: str | None) -> tuple[int | None, int | None]:
    """When letters are to have been received [µs since 1970-01-01 UTC]; None where nothing is said.

    Raises
    ------
    ProblemError
        One is no time.

    Examples
    --------
    >>> moments("1970-01-01", None)
    (-28800000000, None)
    """
    since = None if start is None else instant("start", start) * _SECOND
    until = None if end is None else instant("end", end) * _SECOND
    return since, until


def letters_answer(services: Services, wanted: Wanted, limit: int, before: int | None = None) -> DeadLettersAnswer:
    """The letters that are wanted: those of messages before message `before`, newest first; the totals are of all."""
    sequence, engine = services.observations.sequence(), services.state.engine
    totals = dead_letters.totals(engine, wanted)
    total = DeadLetterTotal(sum(one.messages for one in totals), sum(one.values for one in totals))
    codes = [DeadLetterCode(one.messages, one.values, one.code) for one in totals]
    found = services.state.dead_letters(limit, before, wanted.condition())
    return DeadLettersAnswer(sequence, total, codes, [letter_answer(letter) for letter in found])


def letter_answer(letter: DeadLetter) -> schemas.DeadLetter:
    """One letter."""
    return schemas.DeadLetter(
        sequence=letter.sequence,
        item=letter.item,
        received=iso_time(letter.received // _SECOND),
        topic=letter.topic,
        code=letter.code,
        reason=letter.reason,
        subject=letter.subject or None,
        time=None if letter.start is None else iso_time(letter.start),
        tried=letter.tried,
        settled=letter.settled,
    )


def message_answer(services: Services, sequence: int) -> DeadLetterMessage:
    """The message `sequence`, of which something was refused, with its payload.

    Raises
    ------
    ProblemError
        Nothing of it was refused, or the journal does not have it.
    """
    letters = dead_letters.of_message(services.state.engine, sequence)
    if not letters:
        detail = f"message {sequence} has no dead letter; /api/v1/dead-letters lists those that there are"
        raise ProblemError(404, "no-dead-letter", detail)
    with closing(services.open_journal()) as journal:
        found = next(journal.messages([sequence]), None)
        again = _again(journal, max((letter.tried or 0 for letter in letters), default=0))
    if found is None:
        raise ProblemError(404, "not-in-the-journal", f"the journal does not hold message {sequence} any more")
    message, payload = found[2], as_received(found[2])
    encoding, text = as_text(payload)
    return DeadLetterMessage(
        sequence=sequence,
        kind=message.kind,
        source=message.source,
        received=iso_time(found[1] // _SECOND),
        topic=message.topic,
        retained=message.retained,
        qos=message.qos,
        size=len(payload),
        encoding=encoding,
        payload=text,
        again=again,
        dead_letters=[letter_answer(letter) for letter in letters],
    )


def with_payloads(services: Services, wanted: Wanted) -> Iterator[tuple[DeadLetter, bytes | None]]:
    """All letters that are wanted, the oldest first, with the payload of their message; None where there is none."""
    with closing(services.open_journal()) as journal:
        for letters in dead_letters.in_order(services.state.engine, wanted):
            numbers = dict.fromkeys(letter.sequence for letter in letters)
            payloads = {number: as_received(message) for number, _, message in journal.messages(numbers)}
            yield from ((letter, payloads.get(letter.sequence)) for letter in letters)


def apply_again(services: Services, wanted: Wanted, by: str, reason: str, source: str = "web") -> AgainAnswer:
    """Append what names all letters that are wanted and not settled.

    Raises
    ------
    ProblemError
        There is none, or the journal takes nothing.
    """
    named = naming(services.state.engine, wanted, by.strip(), reason.strip(), source)
    if not named.number:
        detail = (
            "no dead letter that is not settled fits; /api/v1/dead-letters?settled=false lists those that there are"
        )
        raise ProblemError(404, "no-dead-letter", detail)
    try:
        return AgainAnswer(named.number, services.append(named.messages))
    except (JournalUnavailableError, JournalDamagedError, sqlite3.Error, OSError) as error:
        raise ProblemError(503, "journal-unavailable", str(error)) from error


def as_received(message: Message) -> bytes:
    """The payload as it arrived, also where the gateway refused it.

    Examples
    --------
    >>> as_received(Message("refused", "gateway", "", b'{"code":"wrong-frame","reason":"","received":"bm9pc2U="}'))
    b'noise'
    """
    if message.kind != "refused":
        return message.payload
    return msgspec.json.decode(message.payload, type=_AsReceived).received


def as_text(payload: bytes) -> tuple[Literal["text", "base64"], str]:
    """How a payload is written, and what is written: as it is where it is UTF-8, else as base64.

    Examples
    --------
    >>> as_text("晴".encode()), as_text(bytes([255, 0]))
    (('text', '晴'), ('base64', '/wA='))
    """
    try:
        return "text", payload.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(payload).decode()


def _again(journal: JournalReader, sequence: int) -> AppliedAgain | None:
    """Who said with message `sequence` to apply others again, and why; None where there is no such message."""
    found = next(journal.messages([sequence]), None)
    if found is None or found[2].kind != "again":
        return None
    told = msgspec.json.decode(found[2].payload, type=Again)
    return AppliedAgain(sequence, iso_time(found[1] // _SECOND), told.by, told.reason)
