"""The InfluxDB observation store: the points on the server, and beside it an SQLite file that knows what is current.

Writing goes in this order: rows that are superseded, points, progress, which is prepared while the points are on their
way. What a crash leaves between is done again and comes to the same; until then readers are told what was there before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from qingchuan.processing.periods import DAY
from qingchuan.store import bookkeeping_statements
from qingchuan.store.arrays import Grid, Readings
from qingchuan.store.bookkeeping import Bookkeeping
from qingchuan.store.grids import Told, grid_of, marked, readings_of, samples_of
from qingchuan.store.influx import answers, queries
from qingchuan.store.influx import ledger_statements as statements
from qingchuan.store.influx.errors import UnfitServerError
from qingchuan.store.influx.ledger import open_ledger
from qingchuan.store.influx.lines import encode
from qingchuan.store.influx.planning import Held, Plan, digest, key_of, texts_of
from qingchuan.store.influx.queries import WholeKey
from qingchuan.store.influx.server import Bucket, InfluxServer
from qingchuan.store.observations import NOTHING, ONE_FIGURE, Marked, Observation, Origin, Period, Tally, Write
from qingchuan.store.rows import Key, Row, Texts, json_list, merge
from qingchuan.store.rows import encode as encode_items
from qingchuan.store.tallies import by_subject

_STATEMENTS = 200
"""So many queries are sent at once."""


class InfluxObservations(Bookkeeping):
    """Observations in a bucket of an InfluxDB 2 server.

    Parameters
    ----------
    server : InfluxServer
    path : Path
        The SQLite file beside it; it is made when missing.
    read_only : bool
        Whether this process only reads; several may, and in each several threads.

    Raises
    ------
    IncompatibleError
        The file was written by a newer version.
    """

    def __init__(self, server: InfluxServer, path: Path, *, read_only: bool = False) -> None:
        super().__init__(partial(open_ledger, path, read_only=read_only))
        self._server = server
        self._read_only = read_only
        self._checked: Bucket | None = None

    def check(self) -> tuple[str, int]:
        """Version of the server, and for how many seconds the bucket keeps its points (0: for ever).

        Before they are told it is made sure that the server can serve, and has the bucket that the ledger tells of.

        Raises
        ------
        UnfitServerError
            It is another version, or another bucket.
        ServerAwayError, RefusedError
            It does not say.
        """
        version = self._server.version()
        found = self._server.bucket()
        with self._readers.borrow() as database:
            known = database.execute(statements.BUCKET).fetchone()
        if known is not None and known[0] != found.id:
            raise UnfitServerError(
                f"bucket {self._server.place.bucket!r} has id {found.id}; the ledger tells of {known[0]}: move the "
                "ledger and the state beside it away, and both are made again from the journal (store.bucket)"
            )
        if known is None and not self._read_only:
            self._server.check_empty()
            self._database.execute(statements.KEEP_BUCKET, (found.id,))
        self._checked = found
        return version, found.keeps

    def apply(self, writes: Sequence[Write], up_to: int, others: Mapping[str, Tally] = NOTHING) -> None:
        """Take in `writes`, in their order; on disk when this returns, and taking them in again changes nothing.

        Raises
        ------
        ServerError
            The server does not take them; nothing is noted as done.
        """
        before = self.sequence()
        if up_to <= before:
            return
        new = [write for write in writes if write.sequence > before]
        plan = self._plan(new, before)
        if plan.superseded:
            with self._transaction():
                self._database.executemany(bookkeeping_statements.SUPERSEDE, plan.superseded)
        server = self._ready() if plan.points else self._server
        with self._transaction(), ThreadPoolExecutor(1) as beside:
            written = beside.submit(server.write, encode(plan.points.values()))
            self._database.executemany(statements.PUT, plan.current())
            self._advance(new, up_to, by_subject(new, plan.taken, others))
            written.result()  # before the transaction is committed

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
        """The observations of `period` as they were after message `as_of` (None: now); the last origin wins."""
        told = self._told(subjects, items, period, start, end, as_of)
        return grid_of(told, subjects, items, period, start, end, origins)

    def told(self, subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int) -> Told:
        """What is told now of ``[start, end)``, by all origins."""
        return self._told(subjects, items, period, start, end, None)

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings of instants in ``[start, end)`` as they were after message `as_of` (None: now)."""
        return readings_of(self._told(subjects, items, "instant", start, end, as_of), subjects, items)

    def samples(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> tuple[Readings, Readings]:
        """The readings as `readings` has them, and the manual ones that stand beside them, looked up together."""
        return samples_of(self._told(subjects, items, "instant", start, end, as_of), subjects, items)

    def marks(
        self, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None = None
    ) -> list[Marked]:
        """The flags that something set in ``[start, end)``, after `as_of` (None: now): the later origin last."""
        if not subjects or start >= end:
            return []
        now = self.sequence() if as_of is None else as_of
        found = self._ready().query([queries.select_marks(subjects, period, start, end)])
        rows = [row for row in answers.marks_of(found) if row.sequence <= now]
        return marked([*rows, *self._superseded(subjects, period, start, end, as_of, now)])

    def reported(
        self, subject: str, period: Period, start: int, end: int, origin: Origin = "reported"
    ) -> list[Observation]:
        """What a subject reported of `period` in ``[start, end)``, digit for digit, now; in order of time.

        Or what another `origin` tells of it.
        """
        rows = self._whole([subject], period, start, end, origin)
        told = sorted((row.start, row.values, row.flags) for row in rows)
        return [Observation(subject, period, at, origin, values, flags) for at, values, flags in told]

    def stored(self, keys: Sequence[Key]) -> dict[Key, Texts]:
        """The texts of those of some reported observations that are there."""
        held = self._find([(*key, "reported") for key in keys])
        found = self._texts(held, self.sequence())
        return {(start, subject, period): texts for (start, subject, period, _), texts in found.items()}

    def recent(self, period: Period, days: int) -> list[Row]:
        """All reported observations of a period that are at most so many whole days (UTC) older than the newest one."""
        with self._readers.borrow() as database:
            newest = database.execute(statements.NEWEST, {"period": period}).fetchone()
            subjects = [subject for (subject,) in database.execute(statements.SUBJECTS, (period,))]
        if newest is None:
            return []
        return self._whole(subjects, period, (newest[0] // DAY - days) * DAY, newest[0] + 1)

    def holds(self, observation: Observation) -> bool:
        """Whether taking in `observation` would change nothing."""
        key, news = key_of(observation), texts_of(observation)
        held = self._find([key])
        if not held or held[key].digest == digest(news):
            return bool(held)
        stored = self._texts(held, self.sequence())[key]
        return merge(stored, news) == stored

    def close(self) -> None:
        """Close the file and the connections to the server."""
        super().close()
        self._server.close()

    def _ready(self) -> InfluxServer:
        """The server, looked at once in the life of a process: it may not be there yet when that begins."""
        if not self._checked:
            self.check()
        return self._server

    def _plan(self, writes: Sequence[Write], before: int) -> Plan:
        """What `writes` come to; the server is asked only about those that tell something else than what is held."""
        held = self._find({key_of(write.observation) for write in writes})
        told = ((key_of(write.observation), write.observation) for write in writes) if held else ()
        asked = {key: held[key] for key, news in told if key in held and held[key].digest != digest(news)}
        return Plan(writes, held, self._texts(asked, before))

    def _find(self, keys: Iterable[WholeKey]) -> dict[WholeKey, Held]:
        """What is known here of those of `keys` that are there; mostly nothing is at all of a time that is new."""
        by_start: dict[int, list[WholeKey]] = defaultdict(list)
        for key in keys:
            by_start[key[0]].append(key)
        held: dict[WholeKey, Held] = {}
        with self._readers.borrow() as database:
            for start, those in by_start.items():
                if len(those) > 1 and database.execute(statements.ANY, (start,)).fetchone() is None:
                    continue
                found = [(key, database.execute(statements.FIND, key).fetchone()) for key in those]
                held |= {key: Held(*row) for key, row in found if row is not None}
        return held

    def _texts(self, held: Mapping[WholeKey, Held], now: int) -> dict[WholeKey, Texts]:
        """The texts of observations; of those that a crash left half written as they were before."""
        found: dict[WholeKey, Texts] = {}
        with self._readers.borrow() as database:
            for key, (sequence, _) in held.items():
                row = database.execute(statements.REPLACED, (*key, sequence, now)).fetchone()
                if row is not None:
                    found[key] = Texts(*row)
        asked = list(queries.select_whole(held.keys() - found.keys()))
        for first in range(0, len(asked), _STATEMENTS):
            points = answers.whole_of(self._ready().query(asked[first : first + _STATEMENTS]))
            found |= {key: texts for key, _, texts in points if key in held and key not in found}
        return found | {key: self._lost(key) for key in held.keys() - found.keys()}

    def _lost(self, key: WholeKey) -> Texts:
        """What stands for a point that was written and is not there any more.

        Raises
        ------
        UnfitServerError
            The bucket keeps its points for ever.
        """
        if self._checked and self._checked.keeps:
            return encode_items({})
        raise UnfitServerError(
            f"bucket {self._server.place.bucket!r} lacks a point that was written, {key}; move the ledger and the "
            "state beside it away, and all points are written again from the journal (store.bucket)"
        )

    def _told(
        self, subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int, as_of: int | None
    ) -> Told:
        """What is told after message `as_of`; the server is asked before the rows that were superseded meanwhile."""
        now = self.sequence() if as_of is None else as_of
        parts = [Told.of([], subjects, items)]
        if subjects and start < end:
            windows = queries.windows(len(subjects), period, start, end)
            asked = [queries.select(subjects, items, period, *window) for window in windows]
            parts += [answers.told_of(found, subjects, items).up_to(now) for found in self._answers(asked)]
            earlier = self._superseded(subjects, period, start, end, as_of, now)
            parts.append(Told.of(earlier, subjects, items))
        return Told.joined(parts)

    def _answers(self, asked: Sequence[str]) -> Iterator[list[answers.Series]]:
        """What the server answers to each query; it works on the next one while the caller does on the one before."""
        if not asked:
            return
        server = self._ready()
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(server.query, asked[:1])
            for following in (*asked[1:], None):
                found = coming.result()
                if following is not None:
                    coming = ahead.submit(server.query, [following])
                yield found

    def _whole(
        self, subjects: Sequence[str], period: Period, start: int, end: int, origin: Origin = "reported"
    ) -> list[Row]:
        """All that stations reported of `period` in ``[start, end)``, with all items, now; or what `origin` tells."""
        now = self.sequence()
        rows: list[Row] = []
        windows = queries.windows(len(subjects), period, start, end)
        for found in self._answers([queries.select_of(origin, subjects, period, *window) for window in windows]):
            rows += [
                Row(at, subject, origin, sequence, *texts)
                for (at, subject, _, _), sequence, texts in answers.whole_of(found)
                if sequence <= now
            ]
        earlier = self._superseded(subjects, period, start, end, None, now)
        return [*rows, *(row for row in earlier if row.origin == origin)]

    def _superseded(
        self, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None, now: int
    ) -> list[Row]:
        """The superseded rows that were current after message `now`; if that is now, of what is being written."""
        query = statements.NOW if as_of is None else statements.THEN
        with self._readers.borrow() as database:
            found = database.execute(query, (period, start, end, json_list(subjects), now, now))
            return list(map(Row._make, found))
