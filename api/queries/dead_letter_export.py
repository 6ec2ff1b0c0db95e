"""Dead letters with their payloads as files: CSV that a spreadsheet opens, and JSON lines for programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

import msgspec

from qingchuan.api.queries.dead_letters import as_text, letter_answer
from qingchuan.store.state import DeadLetter

COLUMNS: Final = (
    "sequence",
    "received",
    "topic",
    "subject",
    "item",
    "code",
    "reason",
    "time",
    "tried",
    "settled",
    "encoding",
    "payload",
)

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for the code page of its machine."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula, or skip before one."""

Refused = tuple[DeadLetter, bytes | None]
"""A letter, and the payload of its message; None where the journal does not have it any more."""


def as_csv(refused: Iterable[Refused]) -> Iterator[bytes]:
    r"""A CSV file in UTF-8, a line a letter; nothing in it is a formula for a spreadsheet.

    Examples
    --------
    >>> list(as_csv([]))[0].decode().rstrip().split(",")[:3]
    ['\ufeffsequence', 'received', 'topic']
    """
    yield (_BYTE_ORDER_MARK + _line(COLUMNS)).encode()
    for letter, payload in refused:
        row = _row(letter, payload)
        yield _line(["" if row[name] is None else harmless(str(row[name])) for name in COLUMNS]).encode()


def as_json_lines(refused: Iterable[Refused]) -> Iterator[bytes]:
    """An object a line, of the fields of `COLUMNS`."""
    for letter, payload in refused:
        row = _row(letter, payload)
        yield msgspec.json.encode({name: row[name] for name in COLUMNS}) + b"\n"


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-9999"), harmless("qingchuan/1235A/hour")
    ("'=1+1", "'-9999", 'qingchuan/1235A/hour')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(letter: DeadLetter, payload: bytes | None) -> dict[str, object]:
    encoding, text = (None, None) if payload is None else as_text(payload)
    return {**msgspec.structs.asdict(letter_answer(letter)), "encoding": encoding, "payload": text}


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
