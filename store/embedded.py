"""The embedded observation store: SQLite, a row an observation; superseded rows keep the sequence that ended them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from qingchuan.store import embedded_statements as statements
from qingchuan.store.grids import fill_grid, fill_readings, fill_samples, marked
from qingchuan.store.observations import NOTHING, Changed, Grid, Marked, Observation, Period, Readings, Tally, Write
from qingchuan.store.rows import Row, Texts, json_list, merge
from qingchuan.store.sqlite import Pool, connect
from qingchuan.store.tallies import by_subject, total

_NEVER = 2**63

_Row = tuple[int, str, str, str, int, str, str]
"""A row of the table `current`."""


class _First(TypedDict):
    """The parameters of `statements.BEGAN`."""

    subject: str
    period: str
    start: int
    sequence: int


class EmbeddedObservations:
    """Observations in an SQLite file.

    Parameters
    ----------
    path : Path
        The file; it is made when missing.
    read_only : bool
        Whether this process only reads; several may, and in each several threads.

    Raises
    ------
    IncompatibleError
        The file was written by a newer version.

    Examples
    --------
    >>> import tempfile
    >>> store = EmbeddedObservations(Path(tempfile.mkdtemp()) / "observations.sqlite")
    >>> hour = Observation.of("1235A", "hour", 3600, "reported", {"pm25": ("35", 2)})
    >>> store.apply([Write(1, hour)], up_to=1)
    >>> store.read(["1235A"], ["pm25"], "hour", 0, 7200).values[0, :, 0]
    array([nan, 35.])
    >>> store.close()
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        def connection() -> sqlite3.Connection:
            return connect(
                path,
                "observations",
                statements.SCHEMA,
                statements.VERSION,
                oldest=statements.VERSION,
                read_only=read_only,
            )

        self._began: dict[tuple[str, str], int] = {}
        self._database = connection()
        self._readers = Pool(connection)

    def apply(self, writes: Sequence[Write], up_to: int, others: Mapping[str, Tally] = NOTHING) -> None:
        """Take in `writes`, in their order; on disk when this returns, and taking them in again changes nothing.

        Parameters
        ----------
        writes : sequence of Write
            Those of messages up to `progress` are left out: they have been taken in.
        up_to : int
            Everything up to this message is done with this call.
        others : mapping of str to Tally
            What became of the messages that carried no observation, by the subject that they are about.
        """
        self._database.execute("BEGIN IMMEDIATE")
        try:
            before = _sequence(self._database)
            earliest: list[_First] = []
            if up_to > before:
                new = [write for write in writes if write.sequence > before]
                changed = self._take_all(new)
                earliest = _earliest(new, self._began)
                self._database.executemany(statements.BEGAN, earliest)
                self._advance(up_to, by_subject(new, changed, others))
            self._database.execute("COMMIT")
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._began.update({(first["subject"], first["period"]): first["start"] for first in earliest})

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None = None,
    ) -> Grid:
        """The observations of `period` as they were after message `as_of` (None: now), in a dense grid.

        Parameters
        ----------
        subjects, items : sequence of str
        period : {"hour", "day"}
        start, end : int
            The grid has the periods that start in ``[start, end)``. [s since 1970-01-01 UTC]
        as_of : int or None
            Sequence number.
        """
        with self._readers.borrow() as database:
            found = _select(database, subjects, period, start, end, as_of)
            return fill_grid(found, subjects, items, period, start, end)

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings of instants in ``[start, end)`` as they were after message `as_of` (None: now)."""
        with self._readers.borrow() as database:
            return fill_readings(_select(database, subjects, "instant", start, end, as_of), subjects, items)

    def samples(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> tuple[Readings, Readings]:
        """The readings as `readings` has them, and the manual ones that stand beside them, looked up together."""
        with self._readers.borrow() as database:
            return fill_samples(_select(database, subjects, "instant", start, end, as_of), subjects, items)

    def marks(self, subjects: Sequence[str], period: Period, start: int, end: int) -> list[Marked]:
        """The flags that something set of items of `period` in ``[start, end)``, now: the later origin last."""
        with self._readers.borrow() as database:
            found = [row for row in _select(database, subjects, period, start, end, None) if len(row.flags) > 1]
        return marked(found)

    def first(self, subjects: Sequence[str], period: Period, as_of: int | None = None) -> dict[str, int]:
        """Start of the first observation of each of `subjects`, of those that have one, after message `as_of`."""
        wanted = json_list(subjects), period, as_of, as_of
        with self._readers.borrow() as database:
            return dict(database.execute(statements.FIRST, wanted).fetchall())

    def holds(self, observation: Observation) -> bool:
        """Whether taking in `observation` would change nothing."""
        key = (observation.start, observation.subject, observation.period, observation.origin)
        with self._readers.borrow() as database:
            found = database.execute(statements.FIND, key).fetchone()
        if found is None:
            return False
        stored = Texts(*found[1:])
        return merge(stored, Texts(observation.values, observation.flags)) == stored

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; at most `limit`, but whole messages."""
        query = "SELECT sequence, subject, period, start FROM current WHERE sequence {} ORDER BY sequence LIMIT ?"
        with self._readers.borrow() as database:
            found = database.execute(query.format("> ?"), (after, limit)).fetchall()
            if len(found) == limit:
                last = found[-1][0]
                found = [row for row in found if row[0] != last]
                found += database.execute(query.format("= ?"), (last, -1)).fetchall()
        return [Changed(*row) for row in found]

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        with self._readers.borrow() as database:
            return _sequence(database)

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
        row = self._database.execute("PRAGMA data_version").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Close the file."""
        self._readers.close()
        self._database.close()

    def _take_all(self, writes: Sequence[Write]) -> set[int]:
        """The messages of `writes` that changed anything. Mostly all of them are new, and go in by one statement."""
        taken = [_row(write) for write in writes]
        self._database.execute("SAVEPOINT new")
        try:
            self._database.executemany(statements.INSERT, taken)
            changed = {write.sequence for write in writes}
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO new")
            changed = {write.sequence for write, row in zip(writes, taken, strict=True) if self._take(write, row)}
        self._database.execute("RELEASE new")
        return changed

    def _take(self, write: Write, row: _Row) -> bool:
        """Whether `write` changed anything."""
        *key, _, values, flags = row
        if self._database.execute(statements.INSERT_IF_NEW, row).rowcount:
            return True
        sequence, *found = self._database.execute(statements.FIND, key).fetchone()
        stored = Texts(*found)
        merged = merge(stored, Texts(values, flags)) if write.revises else stored
        if merged == stored:
            return False
        self._database.execute(statements.SUPERSEDE, (*key, sequence, *stored, write.sequence))
        self._database.execute(statements.REVISE, (write.sequence, *merged, *key))
        return True

    def _advance(self, up_to: int, tallies: Mapping[str, Tally]) -> None:
        self._database.execute(statements.PROGRESS, (up_to, *total(tallies)))
        self._database.executemany(statements.COUNT, [(subject, *tally) for subject, tally in tallies.items()])


def _sequence(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT sequence FROM progress").fetchone()[0])


def _select(
    database: sqlite3.Connection, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None
) -> Iterator[Row]:
    wanted = (period, start, end, json_list(subjects))
    query = f"SELECT start, subject, origin, sequence, items, flags FROM current WHERE {statements.WANTED}"
    if as_of is None:
        return map(Row._make, database.execute(query, wanted))
    then = f"SELECT start, subject, origin, sequence, items, flags FROM superseded WHERE {statements.WANTED}"
    query = f"{query} AND sequence <= ? UNION ALL {then} AND sequence <= ? AND until > ?"
    return map(Row._make, database.execute(query, (*wanted, as_of, *wanted, as_of, as_of)))


def _earliest(writes: Sequence[Write], began: Mapping[tuple[str, str], int]) -> list[_First]:
    """Those of `writes` that are earlier than all before them of the same subject and period, as parameters.

    `began` is what has been written of subjects and periods already, as far as it is known: it saves asking.
    """
    known: dict[tuple[str, str], int] = {}
    found: list[_First] = []
    for write in writes:
        told = write.observation
        key = told.subject, told.period
        if told.start < known.get(key, began.get(key, _NEVER)):
            known[key] = told.start
            found.append(_First(subject=told.subject, period=told.period, start=told.start, sequence=write.sequence))
    return found


def _row(write: Write) -> _Row:
    told = write.observation
    return told.start, told.subject, told.period, told.origin, write.sequence, told.values, told.flags
