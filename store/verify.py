"""Checking a journal: its chain, its head file, and heads that left the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qingchuan.store.chain import BEGINNING, JournalDamagedError, Row, row_hash
from qingchuan.store.head import Head
from qingchuan.store.journal_reader import JournalReader


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
    journal: JournalReader, heads: Sequence[Head] = (), progress: Callable[[int], object] = lambda _: None
) -> Verdict:
    """Check every row of `journal` against the one before it, and the chain against heads.

    Parameters
    ----------
    journal : JournalReader
    heads : sequence of Head
        Heads that left the machine earlier, in reports, mails or webhooks: a chain alone can be forged whole.
    progress : callable
        Called with the number of messages checked so far.

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
    before = BEGINNING
    try:
        for row in _rows(journal):
            damage += _check(before, row)
            before = row
            progress(row.head().sequence)
        damage += _check_head("the head file", journal.acknowledged(), journal)
        for head in heads:
            damage += _check_head("the head given", head, journal)
    except JournalDamagedError as error:
        damage.append(str(error))
    return Verdict(before.head(), before.from_stations, tuple(damage))


def _rows(journal: JournalReader) -> Iterator[Row]:
    after = 0
    while rows := [row for row in journal.rows(after) if row.sequence > after]:
        yield from rows
        after = rows[-1].head().sequence


def _check(before: Row, row: Row) -> Iterator[str]:
    where = f"messages {row.sequence} to {row.head().sequence}"
    if row.hash != row_hash(before.hash, row.sequence, row.size, row.received, row.body):
        yield f"{where}: content or order is not what the chain was made of"
        return
    batch = row.batch()
    counted = before.from_stations + batch.from_stations() == row.from_stations or batch.messages[0].kind == "loss"
    if len(batch.messages) != row.size or not counted:
        yield f"{where}: the row counts {row.size} messages, its body holds {len(batch.messages)}"
    if row.sequence <= before.head().sequence or row.received < before.received:
        yield f"{where}: number or time of receipt runs backwards"


def _check_head(what: str, head: Head, journal: JournalReader) -> Iterator[str]:
    if not journal.holds(head):
        yield f"{what} is {head}; the journal has no row that ends so: it was cut or rewritten since"
