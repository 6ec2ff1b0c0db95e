"""What an observation is, and what every store of them can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

import msgspec

from qingchuan.store import rows
from qingchuan.store.arrays import Grid, Readings

Period = Literal["hour", "day", "instant", "minute", "realtime"]
Origin = Literal["reported", "derived", "manual", "official", "audited"]

PERIOD_SECONDS: dict[Period, int] = {"minute": 60, "hour": 3600, "day": 86400}
"""Length of the periods that fill a grid. [s]"""

ONE_FIGURE: tuple[Origin, ...] = ("derived", "reported", "audited")
"""Origins that are one figure, the later one winning; manual and official ones stand beside it."""

WITH_OFFICIAL: tuple[Origin, ...] = (*ONE_FIGURE, "official")
"""The same as reports tell it: what was officially published wins."""

MISSING_FLAG = 9

NOT_EVALUATED = "2"
"""The flags of an observation that nothing has been said about."""


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What one subject was observed to be in one period.

    Attributes
    ----------
    subject : str
        Internal id of the air station, section or city.
    period : {"hour", "day", "instant", "minute", "realtime"}
    start : int
        Start of the period, or the instant. [s since 1970-01-01 UTC]
    origin : {"reported", "derived", "manual", "official", "audited"}
    values : str
        A JSON object with the number of each item, digit for digit as it was sent.
    flags : str
        The flag of each item, as `flag_texts` writes them.

    Examples
    --------
    >>> Observation.of("1235A", "hour", 1764028800, "reported", {"co": ("0.70", 2)})
    Observation(subject='1235A', period='hour', start=1764028800, origin='reported', values='{"co":0.70}', flags='2')
    """

    subject: str
    period: Period
    start: int
    origin: Origin
    values: str
    flags: str = NOT_EVALUATED

    @classmethod
    def of(
        cls,
        subject: str,
        period: Period,
        start: int,
        origin: Origin,
        items: rows.Items,
        by: Mapping[str, str] | None = None,
    ) -> Observation:
        """The observation of `items`: for each the number as it was sent, and its flag; `by` says what set the flag."""
        values, flags = rows.encode(items, by)
        return cls(subject, period, start, origin, values, flags)

    @property
    def items(self) -> dict[str, tuple[str, int]]:
        """For each item the number as it was sent, and its flag."""
        return rows.decode(self.values, self.flags)


class Marked(NamedTuple):
    """A flag of an item, and what set it.

    Attributes
    ----------
    start : int
        Start of the period, or the instant. [s since 1970-01-01 UTC]
    subject, item : str
    flag : int
        QARTOD flag.
    by : str
        Such as ``device:M``.
    """

    start: int
    subject: str
    item: str
    flag: int
    by: str


class Changed(NamedTuple):
    """An observation that was written or revised.

    Attributes
    ----------
    sequence : int
        Sequence number of the message that did it.
    subject : str
    period : {"hour", "day", "instant"}
    start : int
        [s since 1970-01-01 UTC]
    """

    sequence: int
    subject: str
    period: Period
    start: int


class Wanted(NamedTuple):
    """Which observations are looked for.

    Attributes
    ----------
    subjects : tuple of str or None
        None: of all.
    start, end : int
        Those that start in ``[start, end)``. [s since 1970-01-01 UTC]
    """

    subjects: tuple[str, ...] | None = None
    start: int = -(2**62)
    end: int = 2**62


ALL = Wanted()


class Write(msgspec.Struct, frozen=True, gc=False):
    """An observation on its way into the store.

    Attributes
    ----------
    sequence : int
        Sequence number of the message that carried it.
    observation : Observation
    revises : bool
        Whether it may replace what is stored. If not, it only fills in items that are not there yet: a retained
        message, or one that is applied again, can be older than what came since.
    message : int or None
        The message that counts by what becomes of this; None is that of `sequence`, 0 none: it was counted before.
    known : bool
        Whether an earlier write brought such an observation, as far as that was looked up: it saves trying.
    """

    sequence: int
    observation: Observation
    revises: bool = True
    message: int | None = None
    known: bool = False


class Tally(NamedTuple):
    """What became of messages that were decoded.

    Attributes
    ----------
    applied : int
        Messages that changed something.
    duplicate : int
        Messages that told what was known.
    dead_letter : int
        Messages that were refused as a whole.
    """

    applied: int = 0
    duplicate: int = 0
    dead_letter: int = 0


NOTHING: Mapping[str, Tally] = MappingProxyType({})


class Counts(NamedTuple):
    """What became of the messages of the journal: ``received = applied + duplicate + dead_letter + waiting``.

    Attributes
    ----------
    received : int
        Messages that came from stations and are in the journal.
    applied, duplicate, dead_letter : int
        As in `Tally`.
    waiting : int
        Messages that are in the journal and not decoded yet.
    """

    received: int
    applied: int
    duplicate: int
    dead_letter: int
    waiting: int


class Observations(Protocol):
    """What every observation store can do; `start` and `end` are seconds since 1970 UTC, `end` is not included."""

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
        ...

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings of instants as they were after message `as_of` (None: now)."""
        ...

    def samples(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> tuple[Readings, Readings]:
        """The readings as `readings` has them, and the manual ones (手工监测) that stand beside them."""
        ...

    def marks(
        self, subjects: Sequence[str], period: Period, start: int, end: int, as_of: int | None = None
    ) -> list[Marked]:
        """The flags that something set of items of `period` in ``[start, end)``: the later origin last.

        As they were after message `as_of` (None: now).
        """
        ...

    def reported(
        self, subject: str, period: Period, start: int, end: int, origin: Origin = "reported"
    ) -> list[Observation]:
        """What a subject reported of `period` in ``[start, end)``, digit for digit, now; in order of time.

        Or what another `origin` tells of it.
        """
        ...

    def first(self, subjects: Sequence[str], period: Period, as_of: int | None = None) -> dict[str, int]:
        """Start of the first observation of each of `subjects`, of those that have one, after message `as_of`."""
        ...

    def apply(self, writes: Sequence[Write], up_to: int, others: Mapping[str, Tally] = NOTHING) -> None:
        """Take in `writes`, in their order; on disk when this returns, and taking them in again changes nothing.

        `up_to` is the message up to which everything is done with this call, `others` what became of its messages that
        carried no observation, by the subject that they are about.
        """
        ...

    def holds(self, observation: Observation) -> bool:
        """Whether taking in `observation` would change nothing."""
        ...

    def stored(self, keys: Sequence[rows.Key]) -> dict[rows.Key, rows.Texts]:
        """The texts of those of some reported observations that are there."""
        ...

    def recent(self, period: Period, days: int) -> list[rows.Row]:
        """All reported observations of a period that are at most so many whole days (UTC) older than the newest one."""
        ...

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; about `limit`, but whole messages."""
        ...

    def revised(self, after: int, up_to: int, limit: int, wanted: Wanted = ALL) -> list[Changed]:
        """What messages in ``(after, up_to]`` wrote, current or not, in order; about `limit`, but whole batches."""
        ...

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        ...

    def tally(self) -> Tally:
        """What became of all messages up to `sequence`."""
        ...

    def tallies(self) -> tuple[int, dict[str, Tally]]:
        """What `sequence` says, and what became of the messages up to there, by the subject that they are about.

        The subject is "" where none is known.
        """
        ...

    def data_version(self) -> int:
        """A number that differs when another process has written."""
        ...
