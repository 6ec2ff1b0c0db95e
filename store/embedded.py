"""The embedded observation store: SQLite, a row an observation; superseded rows keep the sequence that ended them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qingchuan.store import bookkeeping_statements
from qingchuan.store import embedded_statements as statements
from qingchuan.store.arrays import Grid, Readings
from qingchuan.store.bookkeeping import Bookkeeping
from qingchuan.store.embedded_inserting import CurrentRow, insert_all, rows_of
from qingchuan.store.embedded_rows import ReportedRows
from qingchuan.store.grids import Told, fill_grid, fill_readings, fill_samples, marked
from qingchuan.store.observations import NOTHING, ONE_FIGURE, Marked, Observation, Origin, Period, Tally, Write
from qingchuan.store.rows import Row, Texts, fill, json_list, merge
from qingchuan.store.sqlite import connect
from qingchuan.store.tallies import by_subject


class EmbeddedObservations(Bookkeeping, ReportedRows):
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

        super().__init__(connection)

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
        with self._transaction():
            before = self.sequence()
            if up_to > before:
                new = [write for write in writes if write.sequence > before]
                self._advance(new, up_to, by_subject(new, self._take_all(new), others))

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None = None,
        origins: Sequence[Origin] = ONE_FIGURE,
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
        origins : sequence of str
            Those that are read, the winning one last.
        """
        with self._readers.borrow() as database:
            found = _select(database, subjects, period, start, end, as_of)
            return fill_grid(found, subjects, items, period, start, end, origins)

    def told(self, subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int) -> Told:
        """What is told now of ``[start, end)``, by all origins."""
        with self._readers.borrow() as database:
            return Told.of(_select(database, subjects, period, start, end, None), subjects, items)

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

    def marks(
        self, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None = None
    ) -> list[Marked]:
        """The flags that something set of items of `period` in ``[start, end)``: the later origin last.

        As they were after message `as_of` (None: now).
        """
        with self._readers.borrow() as database:
            found = [row for row in _select(database, subjects, period, start, end, as_of) if len(row.flags) > 1]
        return marked(found)

    def reported(
        self, subject: str, period: Period, start: int, end: int, origin: Origin = "reported"
    ) -> list[Observation]:
        """What a subject reported of `period` in ``[start, end)``, digit for digit, now; in order of time.

        Or what another `origin` tells of it.
        """
        with self._readers.borrow() as database:
            rows = database.execute(statements.TOLD_BY, (start, end, subject, period, origin)).fetchall()
        return [Observation(subject, period, row[0], origin, *row[1:]) for row in rows]

    def holds(self, observation: Observation) -> bool:
        """Whether taking in `observation` would change nothing."""
        key = (observation.start, observation.subject, observation.period, observation.origin)
        with self._readers.borrow() as database:
            found = database.execute(statements.FIND, key).fetchone()
        if found is None:
            return False
        stored = Texts(*found[1:])
        return merge(stored, Texts(observation.values, observation.flags)) == stored

    def _take_all(self, writes: Sequence[Write]) -> Sequence[Write]:
        """Those of `writes` that changed anything. Mostly all of them are new, and go in together."""
        known = [write for write in writes if write.known]
        new = [write for write in writes if not write.known] if known else writes
        self._database.execute("SAVEPOINT new")
        try:
            insert_all(self._database, new)
            changed = [*new, *self._take_each(known)] if known else writes
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO new")
            changed = self._take_each(writes)
        self._database.execute("RELEASE new")
        return changed

    def _take_each(self, writes: Sequence[Write]) -> list[Write]:
        """Those of `writes` that changed anything."""
        return [write for write, row in zip(writes, rows_of(writes), strict=True) if self._take(write, row)]

    def _take(self, write: Write, row: CurrentRow) -> bool:
        """Whether `write` changed anything."""
        *key, _, values, flags = row
        if self._database.execute(statements.INSERT_IF_NEW, row).rowcount:
            return True
        sequence, *found = self._database.execute(statements.FIND, key).fetchone()
        stored = Texts(*found)
        merged = (merge if write.revises else fill)(stored, Texts(values, flags))
        if merged == stored:
            return False
        if sequence != write.sequence:  # what a message says twice was never anything else
            self._database.execute(bookkeeping_statements.SUPERSEDE, (*key, sequence, *stored, write.sequence))
        self._database.execute(statements.REVISE, (write.sequence, *merged, *key))
        return True


def _select(
    database: sqlite3.Connection, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None
) -> Iterator[Row]:
    wanted = (period, start, end, json_list(subjects))
    query = f"SELECT start, subject, origin, sequence, items, flags FROM current WHERE {bookkeeping_statements.WANTED}"
    if as_of is None:
        return map(Row._make, database.execute(query, wanted))
    then = (
        f"SELECT start, subject, origin, sequence, items, flags FROM superseded WHERE {bookkeeping_statements.WANTED}"
    )
    query = f"{query} AND sequence <= ? UNION ALL {then} AND sequence <= ? AND until > ?"
    return map(Row._make, database.execute(query, (*wanted, as_of, *wanted, as_of, as_of)))
