"""Checking a journal: its chain, its head file, and heads that left the machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qingchuan.store.chain import BEGINNING, JournalDamagedError, Row
from qingchuan.store.head import EMPTY, Head
from qingchuan.store.journal_reader import MANY, JournalReader, is_damage
from qingchuan.store.losses import Chain, Loss, Lost, told, untold


@dataclass(frozen=True)
class Verdict:
    """What `verify` found.

    Attributes
    ----------
    head : Head
        Where the chain ends.
    messages : int
        How many messages of stations it holds.
    damage : tuple of str
        What is wrong; empty when the journal is whole.
    """

    head: Head
    messages: int
    damage: tuple[str, ...]


def verify(
    journal: JournalReader,
    heads: Sequence[Head] = (),
    progress: Callable[[int], object] = lambda _: None,
    after: Head = EMPTY,
) -> Verdict:
    """Check every row of `journal` against the one before it, and the chain against heads.

    Parameters
    ----------
    journal : JournalReader
    heads : sequence of Head
        Heads that left the machine earlier, in reports, mails or webhooks: a chain alone can be forged whole.
    progress : callable
        Called with the number of messages checked so far.
    after : Head
        Where an earlier check ended: rows up to there are not read again.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> journal = JournalReader(Path(tempfile.mkdtemp()))
    >>> verify(journal).damage
    ()
    >>> journal.close()
    """
    damage: list[str] = []
    lost: list[Lost] = []
    accepted: list[Loss] = []
    before = BEGINNING
    try:
        before = _row_of(after, journal) or BEGINNING
        chain = Chain(before)
        for row in _rows(journal, before.head().sequence):
            found = chain.check(row)
            lost += [found] if found else []
            damage += _check(before, row) if found is None else ()
            accepted += _told(row) if found is None else ()
            before = row
            progress(row.head().sequence)
        damage += map(str, untold(lost, accepted))
        damage += _check_head("the head file", journal.acknowledged(), journal)
        for head in heads:
            damage += _check_head("the head given", head, journal)
    except JournalDamagedError as error:
        damage.append(str(error))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        damage.append(f"messages after {before.head().sequence}: they cannot be read ({error})")
    return Verdict(before.head(), before.from_stations, tuple(damage))


def _row_of(head: Head, journal: JournalReader) -> Row | None:
    """The row that ends so; None where nothing has been checked, or there is no such row."""
    row = next(iter(journal.rows(head.sequence - 1, limit=1)), None) if head != EMPTY else None
    return row if row is not None and row.head() == head else None


def _rows(journal: JournalReader, after: int) -> Iterator[Row]:
    while rows := [row for row in journal.rows(after, enough=MANY) if row.sequence > after]:
        yield from rows
        after = rows[-1].head().sequence


def _check(before: Row, row: Row) -> Iterator[str]:
    where = f"messages {row.sequence} to {row.head().sequence}"
    batch = row.batch()
    counted = before.from_stations + batch.from_stations() == row.from_stations or batch.messages[0].kind == "loss"
    if len(batch.messages) != row.size or not counted:
        yield f"{where}: the row counts {row.size} messages, its body holds {len(batch.messages)}"
    if row.sequence <= before.head().sequence or row.received < before.received:
        yield f"{where}: number or time of receipt runs backwards"


def _told(row: Row) -> list[Loss]:
    """What a row says was gone on without."""
    messages = row.batch().messages if row.size == 1 else ()
    return [told(message.payload) for message in messages if message.kind == "loss"]


def _check_head(what: str, head: Head, journal: JournalReader) -> Iterator[str]:
    if not journal.holds(head):
        yield f"{what} is {head}; the journal has no row that ends so: it was cut or rewritten since"
