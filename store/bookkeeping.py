"""What an observation store notes in an SQLite file: how far it is, what came of messages, what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import TypedDict

from qingchuan.store import bookkeeping_statements as statements
from qingchuan.store.observations import ALL, Changed, Period, Tally, Wanted, Write
from qingchuan.store.rows import json_list
from qingchuan.store.sqlite import Pool
from qingchuan.store.tallies import total

_NEVER = 2**63
_PATIENCE = 2000
"""How long to wait for another writer, of which there is none in order: who applies also acknowledges. [ms]"""


_Key = tuple[str, str]
"""A subject and a period."""


class _First(TypedDict):
    """The parameters of `statements.BEGAN`."""

    subject: str
    period: str
    start: int
    sequence: int


class Bookkeeping:
    """The part of an observation store that its server or its table of rows need not be asked for.

    Parameters
    ----------
    connection : callable
        Opens the file; it has the tables of `statements.SCHEMA`, and a table ``current`` with at least start, subject,
        period, origin and sequence of each observation.
    """

    def __init__(self, connection: Callable[[], sqlite3.Connection]) -> None:
        self._began: dict[_Key, int] = {}
        self._database = connection()
        self._database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        self._readers = Pool(connection)

    def first(self, subjects: Sequence[str], period: Period, as_of: int | None = None) -> dict[str, int]:
        """Start of the first observation of each of `subjects`, of those that have one, after message `as_of`."""
        wanted = json_list(subjects), period, as_of, as_of
        with self._readers.borrow() as database:
            return dict(database.execute(statements.FIRST, wanted).fetchall())

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; about `limit`, but whole messages."""
        found: list[Changed] = []
        with self._readers.borrow() as database:
            for (up_to,) in database.execute(statements.WRITTEN, (after,)):
                news = database.execute(statements.CHANGED, {"up_to": up_to, "after": after})
                found += map(Changed._make, news)
                after = up_to
                if len(found) >= limit:
                    last = found[limit - 1].sequence
                    return [change for change in found if change.sequence <= last]
        return found

    def revised(self, after: int, up_to: int, limit: int, wanted: Wanted = ALL) -> list[Changed]:
        """What messages in ``(after, up_to]`` wrote, current or not, in order; about `limit`, but whole batches."""
        subjects = None if wanted.subjects is None else json_list(wanted.subjects)
        about = {"subjects": subjects, "start": wanted.start, "end": wanted.end}
        found: list[Changed] = []
        with self._readers.borrow() as database:
            for (batch,) in database.execute(statements.WRITTEN, (after,)):
                asked = {"batch": batch, "after": after, "up_to": min(batch, up_to), **about}
                found += map(Changed._make, database.execute(statements.REVISED, asked))
                after = batch
                if batch >= up_to or len(found) >= limit:
                    break
        return found

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        with self._readers.borrow() as database:
            return int(database.execute("SELECT sequence FROM progress").fetchone()[0])

    def tally(self) -> Tally:
        """What became of all messages up to `sequence`."""
        with self._readers.borrow() as database:
            return Tally(*database.execute("SELECT applied, duplicate, dead_letter FROM progress").fetchone())

    def tallies(self) -> tuple[int, dict[str, Tally]]:
        """What `sequence` says, and what became of the messages up to there, by the subject that they are about."""
        with self._readers.borrow() as database:
            found = database.execute(statements.TALLIES).fetchall()
        return found[0][0], {subject: Tally(*counts) for _, subject, *counts in found if subject is not None}

    def data_version(self) -> int:
        """A number that differs when another process has written."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._readers.close()
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All that is written within is written, or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            self._database.execute("ROLLBACK")
            self._began.clear()  # what could not be written is not held for written
            raise

    def _advance(self, writes: Sequence[Write], up_to: int, tallies: Mapping[str, Tally]) -> None:
        """Note that everything up to a message is done, with `writes`; within a transaction."""
        told = [write.observation for write in writes]
        starts = sorted({one.start for one in told})
        if starts:  # an index of all rows by sequence would cost a quarter more
            keys = {(one.subject, one.period) for one in told}
            earliest = _earliest(writes, self._began) if self._may_be_earlier(keys, starts[0]) else []
            self._database.executemany(statements.BEGAN, earliest)
            self._database.execute(statements.NOTE, (up_to, json_list(starts)))
            self._began.update({(first["subject"], first["period"]): first["start"] for first in earliest})
        self._database.execute(statements.PROGRESS, (up_to, *total(tallies)))
        self._database.executemany(statements.COUNT, [(subject, *tally) for subject, tally in tallies.items()])

    def _may_be_earlier(self, keys: AbstractSet[_Key], start: int) -> bool:
        """Whether one of `keys` may begin at `start` or later, earlier than so far; mostly none does."""
        return not keys <= self._began.keys() or start < max(self._began[key] for key in keys)


def _earliest(writes: Sequence[Write], began: Mapping[_Key, int]) -> list[_First]:
    """Those of `writes` that are earlier than all before them of the same subject and period, as parameters.

    `began` is what has been written of subjects and periods already, as far as it is known: it saves asking.
    """
    known: dict[_Key, int] = {}
    found: list[_First] = []
    for write in writes:
        told = write.observation
        key = told.subject, told.period
        if told.start < known.get(key, began.get(key, _NEVER)):
            known[key] = told.start
            found.append(_First(subject=told.subject, period=told.period, start=told.start, sequence=write.sequence))
    return found
