"""Rows of the journal that are not what they were, or are gone; and going on without them, where that is accepted.

What is accepted stands in the journal as a message of the kind ``loss``, which names the messages: `verify` then knows
of it. A damaged row is taken out of the log and put aside as a file, so that nobody takes it for what was received.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from qingchuan.store.chain import Row, as_row, row_hash
from qingchuan.store.journal_reader import COLUMNS
from qingchuan.store.messages import decode

_NO_END = 1 << 62
_SIZES = "SELECT sequence, coalesce(length(body), 0) FROM batch ORDER BY sequence DESC"
_DAMAGED = "damaged"


class Lost(NamedTuple):
    """Messages that are not there, or not what they were.

    Attributes
    ----------
    first, last : int
    why : str
    """

    first: int
    last: int
    why: str

    def __str__(self) -> str:
        return f"messages {self.first} to {self.last}: {self.why}"


class Loss(msgspec.Struct, frozen=True):
    """What a start with ``--accept-loss`` goes on without, as the journal tells it.

    Attributes
    ----------
    reason : str
    lost : tuple of (int, int)
        First and last of messages in the midst of the journal.
    """

    reason: str
    lost: tuple[tuple[int, int], ...] = ()


def told(payload: bytes) -> Loss:
    """What the payload of a message of the kind ``loss`` tells; versions before told a sentence.

    Examples
    --------
    >>> told(b"it ends with message 3").lost
    ()
    """
    try:
        return msgspec.json.decode(payload, type=Loss)
    except msgspec.DecodeError:
        return Loss(payload.decode(errors="replace"))


def untold(lost: Iterable[Lost], losses: Iterable[Loss]) -> list[Lost]:
    """What of `lost` the `losses` do not tell, all of them together.

    Examples
    --------
    >>> gap = Lost(4, 9, "they are not there")
    >>> untold([gap], [Loss("", ((4, 6),)), Loss("", ((7, 9),))]), untold([gap], [Loss("", ((4, 6),))]) == [gap]
    ([], True)
    """
    together: list[tuple[int, int]] = []
    for first, last in sorted(each for loss in losses for each in loss.lost):
        if together and first <= together[-1][1] + 1:
            together[-1] = (together[-1][0], max(last, together[-1][1]))
        else:
            together.append((first, last))
    return [each for each in lost if not any(first <= each.first and each.last <= last for first, last in together)]


class Chain:
    """Follows the chain from row to row, past what is damaged. The row after one that is gone cannot be checked.

    Parameters
    ----------
    before : Row
        The row before the first.
    """

    def __init__(self, before: Row) -> None:
        self._before = before
        self._hashes = {before.hash}

    def check(self, row: Row) -> Lost | None:
        """What is wrong at `row`, if anything; the rows that follow are checked against it either way."""
        made = {row_hash(before, row.sequence, row.size, row.received, row.body) for before in self._hashes}
        before, wrong = self._before, row.hash not in made
        # Where only its hash was damaged, the row after it was made with the right one.
        self._hashes = {row.hash, *made} if wrong else {row.hash}
        self._before = row
        if wrong and row.sequence > before.head().sequence + 1:
            last = row.sequence - 1 if _is_sound(row) else row.head().sequence
            return Lost(before.head().sequence + 1, last, "they are not there")
        if wrong:
            return _lost(row, "content or order is not what the chain was made of")
        return None if _counts_well(before, row) else _lost(row, "they are not counted as what they are")


def find(database: sqlite3.Connection, before: Row) -> list[Lost]:
    """What is wrong with the rows after the row `before`, and was not accepted before."""
    chain, rows = Chain(before), rows_after(database, before.sequence if before.size else 0)
    found = [lost for row in rows if (lost := chain.check(row)) is not None]
    return untold(found, accepted(database)) if found else []


def _lost(row: Row, why: str) -> Lost:
    return Lost(row.sequence, row.head().sequence, why)


def _is_sound(row: Row) -> bool:
    """Whether the messages of a row can be read; more cannot be said of one whose row before is not there."""
    try:
        return len(row.batch().messages) == row.size
    except msgspec.MsgspecError:
        return False


def _counts_well(before: Row, row: Row) -> bool:
    """Whether the count of messages goes on; a row is mostly of stations as a whole, and need not be taken apart."""
    counted = row.from_stations - before.from_stations
    return counted == row.size or counted == row.batch().from_stations() or row.batch().messages[0].kind == "loss"


def rows_after(database: sqlite3.Connection, sequence: int) -> Iterator[Row]:
    """The rows that begin after message `sequence`, read in small parts: a long reader would hold up the log."""
    query = f"SELECT {COLUMNS} FROM batch WHERE sequence > ? ORDER BY sequence LIMIT 64"
    while found := [as_row(values) for values in database.execute(query, (sequence,))]:
        yield from found
        sequence = found[-1].sequence


def beginning_of(database: sqlite3.Connection, most: int) -> int:
    """First message of the newest rows of the database, of at most `most` bytes together; 0 where there are none."""
    first = 0
    for sequence, size in database.execute(_SIZES):
        most -= size
        if most < 0 and first:
            break
        first = sequence
    return first


def take_out(database: sqlite3.Connection, lost: Iterable[Lost], folder: Path) -> None:
    """Put damaged rows aside as files in ``folder/damaged``."""
    for each in lost:
        found = database.execute("SELECT sequence, body FROM batch WHERE sequence BETWEEN ? AND ?", each[:2]).fetchall()
        for sequence, body in found:
            (folder / _DAMAGED).mkdir(exist_ok=True)
            (folder / _DAMAGED / f"{sequence:015}.row").write_bytes(body if isinstance(body, bytes) else b"")
            database.execute("DELETE FROM batch WHERE sequence = ?", (sequence,))


def count_again(database: sqlite3.Connection, before: Row, sequence: int, messages: int) -> None:
    """Count the messages of the rows after the row `before`, so that those that were lost are counted as they were.

    Up to message `sequence` there were `messages`: what is missing of them counts with the first row that is left, and
    what was lost behind it was never received.
    """
    last, counts = before.head().sequence, {}
    for row in rows_after(database, last):
        counts[row.sequence] = row.head().sequence, row.batch().from_stations()
    done = sum(count for end, count in counts.values() if end <= sequence)
    total = before.from_stations
    total += max(0, messages - total - done)
    for first, (_, count) in counts.items():
        total += count
        database.execute("UPDATE batch SET from_stations = ? WHERE sequence = ?", (total, first))


def accepted(database: sqlite3.Connection) -> list[Loss]:
    """What was gone on without before."""
    query = "SELECT body FROM batch WHERE count = 1 AND instr(body, CAST('loss' AS BLOB)) ORDER BY sequence"
    messages = (message for (body,) in database.execute(query) for message in decode(body))
    return [told(message.payload) for message in messages if message.kind == "loss"]


def trouble(database: sqlite3.Connection) -> str:
    """What SQLite finds wrong with its own file; empty where nothing is."""
    found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if found == "ok" else found


def put_aside(path: Path) -> Path:
    """Rename a damaged database, with the log beside it; its new place."""
    aside = next(place for count in range(1, _NO_END) if not (place := path.with_suffix(f".damaged-{count}")).exists())
    for ending in ("", "-wal"):
        if (old := path.with_name(path.name + ending)).exists():
            old.rename(aside.with_name(aside.name + ending))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def salvage(damaged: Path, fresh: sqlite3.Connection) -> None:
    """Copy into the database `fresh` what can be read of the damaged one, from both ends of it."""
    insert = "INSERT OR IGNORE INTO batch VALUES (?, ?, ?, ?, ?, ?)"
    with closing(sqlite3.connect(damaged)) as old:
        for order in ("", "DESC"):
            fresh.execute("BEGIN IMMEDIATE")
            with suppress(sqlite3.DatabaseError):
                for row in _all(old, order):
                    fresh.execute(insert, row)
            fresh.execute("COMMIT")


def _all(database: sqlite3.Connection, order: str) -> Iterator[Row]:
    return map(as_row, database.execute(f"SELECT {COLUMNS} FROM batch ORDER BY sequence {order}"))
