"""What a store with a cube before it passes on to the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qingchuan.store.arrays import Readings
from qingchuan.store.observations import (
    ALL,
    NOTHING,
    Changed,
    Marked,
    Observation,
    Observations,
    Origin,
    Period,
    Tally,
    Wanted,
    Write,
)
from qingchuan.store.rows import Key, Row, Texts


class PassedOn:
    """All that an observation store can do but reading grids.

    Attributes
    ----------
    _store : Observations
    """

    _store: Observations

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings of instants as they were after message `as_of` (None: now)."""
        return self._store.readings(subjects, items, start, end, as_of)

    def samples(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> tuple[Readings, Readings]:
        """The readings as `readings` has them, and the manual ones (手工监测) that stand beside them."""
        return self._store.samples(subjects, items, start, end, as_of)

    def marks(
        self, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None = None
    ) -> list[Marked]:
        """The flags that something set of items of `period` in ``[start, end)``: the later origin last."""
        return self._store.marks(subjects, period, start, end, as_of)

    def reported(
        self, subject: str, period: Period, start: int, end: int, origin: Origin = "reported"
    ) -> list[Observation]:
        """What a subject reported of `period` in ``[start, end)``, digit for digit, now; in order of time."""
        return self._store.reported(subject, period, start, end, origin)

    def first(self, subjects: Sequence[str], period: Period, as_of: int | None = None) -> dict[str, int]:
        """Start of the first observation of each of `subjects`, of those that have one, after message `as_of`."""
        return self._store.first(subjects, period, as_of)

    def apply(self, writes: Sequence[Write], up_to: int, others: Mapping[str, Tally] = NOTHING) -> None:
        """Take in `writes`, in their order; on disk when this returns, and taking them in again changes nothing."""
        self._store.apply(writes, up_to, others)

    def holds(self, observation: Observation) -> bool:
        """Whether taking in `observation` would change nothing."""
        return self._store.holds(observation)

    def stored(self, keys: Sequence[Key]) -> dict[Key, Texts]:
        """The texts of those of some reported observations that are there."""
        return self._store.stored(keys)

    def recent(self, period: Period, days: int) -> list[Row]:
        """All reported observations of a period that are at most so many whole days (UTC) older than the newest one."""
        return self._store.recent(period, days)

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; about `limit`, but whole messages."""
        return self._store.changed(after, limit)

    def revised(self, after: int, up_to: int, limit: int, wanted: Wanted = ALL) -> list[Changed]:
        """What messages in ``(after, up_to]`` wrote, current or not, in order; about `limit`, but whole batches."""
        return self._store.revised(after, up_to, limit, wanted)

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        return self._store.sequence()

    def tally(self) -> Tally:
        """What became of all messages up to `sequence`."""
        return self._store.tally()

    def tallies(self) -> tuple[int, dict[str, Tally]]:
        """What `sequence` says, and what became of the messages up to there, by the subject that they are about."""
        return self._store.tallies()

    def data_version(self) -> int:
        """A number that differs when another process has written."""
        return self._store.data_version()
