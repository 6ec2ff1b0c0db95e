"""What a store is as one end of a copy: rows in the order of their keys, and how much there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from qingchuan.store.embedded_inserting import CurrentRow
from qingchuan.store.observations import Changed

WholeKey = tuple[int, str, str, str]
"""Start, subject, period and origin of an observation."""

Kind = tuple[str, str]
"""A period and an origin."""

BEFORE_ALL: WholeKey = (-(1 << 62), "", "", "")
BOOKS = ("superseded", "first", "tally", "written", "progress")
"""The tables that every store has beside what is current."""

_KEYS = "start, subject, period, origin"
_AFTER = f"WHERE ({_KEYS}) > (?, ?, ?, ?) ORDER BY {_KEYS} LIMIT ?"
_LAST = f"SELECT {_KEYS} FROM current ORDER BY start DESC, subject DESC, period DESC, origin DESC LIMIT 1"
_SUPERSEDED = """
SELECT period, origin, COUNT(*), SUM((SELECT COUNT(*) FROM json_each(items))) FROM superseded GROUP BY period, origin
"""
_BEGUN = "CREATE TABLE IF NOT EXISTS copying (source TEXT NOT NULL, since INTEGER NOT NULL)"


class Count(NamedTuple):
    """How much there is.

    Attributes
    ----------
    rows, values : int
    """

    rows: int
    values: int


class Piece(NamedTuple):
    """Rows that follow one another.

    Attributes
    ----------
    rows : list of tuple
    last : tuple or None
        The key that they reach; None where there are no more.
    """

    rows: list[CurrentRow]
    last: WholeKey | None


class End(Protocol):
    """A store that is copied, or copied into."""

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        ...

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; about `limit`, but whole messages."""
        ...

    def size(self) -> int:
        """How many rows are current."""
        ...

    def last(self) -> WholeKey:
        """The key that is the last in order; `BEFORE_ALL` where there is none."""
        ...

    def rows_after(self, key: WholeKey, limit: int) -> Piece:
        """The next rows in the order of their keys."""
        ...

    def rows_of(self, changes: Iterable[Changed]) -> list[CurrentRow]:
        """The rows of what changed."""
        ...

    def put(self, rows: Sequence[CurrentRow]) -> None:
        """Write rows, or write them again; on disk when this returns."""
        ...

    def begin(self, source: str, since: int) -> int:
        """Note from which store a copy is begun, at which message; that of a copy that was begun before and goes on."""
        ...

    def end(self, books: Path) -> None:
        """Take over the bookkeeping of the store whose file is `books`; the copy is whole."""
        ...

    def counts(self) -> dict[Kind, Count]:
        """How much is current, by period and origin, counted where it lies."""
        ...

    def superseded(self) -> dict[Kind, Count]:
        """How much was superseded, by period and origin."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class WithBooks:
    """The part of an end that its SQLite file is enough for.

    Attributes
    ----------
    _database : sqlite3.Connection
    """

    _database: sqlite3.Connection

    def size(self) -> int:
        """How many rows are current."""
        return int(self._database.execute("SELECT COUNT(*) FROM current").fetchone()[0])

    def last(self) -> WholeKey:
        """The key that is the last in order; `BEFORE_ALL` where there is none."""
        found = self._database.execute(_LAST).fetchone()
        return tuple(found) if found else BEFORE_ALL

    def begin(self, source: str, since: int) -> int:
        """Note from which store a copy is begun, at which message; that of a copy that was begun before and goes on."""
        self._database.execute(_BEGUN)
        found = self._database.execute("SELECT since FROM copying WHERE source = ?", (source,)).fetchone()
        if found is None:
            if self.last() != BEFORE_ALL:  # all but the count was done: it is as far as its books say
                [since] = self._database.execute("SELECT sequence FROM progress").fetchone()
            self._database.execute("INSERT INTO copying VALUES (?, ?)", (source, since))
        return int(found[0]) if found else since

    def end(self, books: Path) -> None:
        """Take over the bookkeeping of the store whose file is `books`; the copy is whole."""
        self._database.execute("ATTACH ? AS source", (str(books),))
        self._database.execute("BEGIN IMMEDIATE")
        for table in BOOKS:
            self._database.execute(f"DELETE FROM main.{table}")
            self._database.execute(f"INSERT INTO main.{table} SELECT * FROM source.{table}")
        self._database.execute("DROP TABLE copying")
        self._database.execute("COMMIT")
        self._database.execute("DETACH source")

    def superseded(self) -> dict[Kind, Count]:
        """How much was superseded, by period and origin."""
        found = self._database.execute(_SUPERSEDED)
        return {(period, origin): Count(rows, values) for period, origin, rows, values in found}

    def _after(self, columns: str, key: WholeKey, limit: int) -> list[tuple[Any, ...]]:
        """`columns` of the next rows behind `key`."""
        return self._database.execute(f"SELECT {columns} FROM current {_AFTER}", (*key, limit)).fetchall()

    def _of(self, columns: str, changes: Iterable[Changed]) -> Iterator[tuple[Any, ...]]:
        """`columns` of the rows of what changed, of all origins."""
        query = f"SELECT {columns} FROM current WHERE start = ? AND subject = ? AND period = ?"
        for key in {(change.start, change.subject, change.period) for change in changes}:
            yield from self._database.execute(query, key)
