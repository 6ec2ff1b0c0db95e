"""Where an observation lies in the cube: layer, period, calendar months, group of columns, row and column."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Self, cast

from qingchuan.processing.periods import align, day_start, natural_day
from qingchuan.store.observations import ONE_FIGURE, PERIOD_SECONDS, WITH_OFFICIAL, Origin, Period

PERIODS: tuple[Period, ...] = ("hour", "day")
"""Those that the cube holds."""

_YEAR = 12
"""Months."""

COLUMNS = 64
"""So many subjects share a file: a new one costs nothing until a group is full."""

LAYERS: dict[str, tuple[Origin, ...]] = {"own": ONE_FIGURE, "official": ("official",), "manual": ("manual",)}
"""For each layer its origins, of which the later one wins value by value."""

ORIGINS: tuple[Origin, ...] = ("derived", "reported", "audited", "manual", "official")
"""What stands in a file for the origin of a value is its place here, from 1 on."""

_ASKED: dict[tuple[Origin, ...], tuple[str, ...]] = {
    ONE_FIGURE: ("own",),
    WITH_OFFICIAL: ("own", "official"),
    ("official",): ("official",),
    ("manual",): ("manual",),
}


MONTHS: dict[Period, int] = {"hour": 3, "day": 12}
"""So many calendar months (Beijing time) lie in a file: few enough to be made quickly, many to be read at once."""


class Group(NamedTuple):
    """The files of a layer, a period and some months that hold the same columns.

    Attributes
    ----------
    layer : str
    period : {"hour", "day"}
    month : int
        The first one, counted from January of the year 0.
    number : int
        They have the columns ``number * COLUMNS`` and so on.

    Examples
    --------
    >>> group = Group("own", "hour", 2026 * 12, 0)
    >>> group.name, group.rows
    ('own/hour/2026-01/0', 2160)
    """

    layer: str
    period: Period
    month: int
    number: int

    @property
    def name(self) -> str:
        """The folder of its files, within that of the cube."""
        return f"{self.layer}/{self.period}/{self.month // _YEAR}-{self.month % _YEAR + 1:02}/{self.number}"

    @classmethod
    def parse(cls, name: str) -> Self:
        """The group that has a name.

        Examples
        --------
        >>> Group.parse("own/hour/2026-01/0").month == 2026 * 12
        True
        """
        layer, period, first, number = name.split("/")
        year, month = map(int, first.split("-"))
        return cls(layer, cast("Period", period), year * _YEAR + month - 1, int(number))

    @property
    def rows(self) -> int:
        """How many periods its months have."""
        return _rows(self.period, self.month, MONTHS[self.period])


class Stretch(NamedTuple):
    """Consecutive periods that lie in the same files.

    Attributes
    ----------
    month : int
        As in `Group`.
    rows : slice
        Of its files.
    places : slice
        Among the periods that were asked for.
    """

    month: int
    rows: slice
    places: slice


def layers_of(origins: Sequence[Origin]) -> tuple[str, ...]:
    """The layers that hold `origins`, the winning one last; none where the cube does not tell these apart.

    Examples
    --------
    >>> layers_of(("derived", "reported", "audited", "official")), layers_of(("reported",))
    (('own', 'official'), ())
    """
    return _ASKED.get(tuple(origins), ())


@functools.cache
def _rows(period: Period, month: int, months: int) -> int:
    return (_month_start(month + months) - _month_start(month)) // PERIOD_SECONDS[period]


@functools.cache
def _month_start(month: int) -> int:
    return day_start(date(month // _YEAR, month % _YEAR + 1, 1))


def is_whole(period: Period, *instants: int) -> bool:
    """Whether a period starts at each of `instants`, in s since 1970-01-01 UTC."""
    return all(instant == whole_start(period, instant) for instant in instants)


def whole_start(period: Period, instant: int) -> int:
    """Start of the period that an instant lies in, in s since 1970-01-01 UTC."""
    after = align(instant, PERIOD_SECONDS[period])
    return after if after == instant else after - PERIOD_SECONDS[period]


def stretches(period: Period, start: int, end: int) -> Iterator[Stretch]:
    """``[start, end)``, which are starts of periods, file by file.

    Examples
    --------
    >>> day, new_year = 86400, day_start(date(2026, 1, 1))
    >>> for stretch in stretches("day", new_year - 2 * day, new_year + day):
    ...     print(stretch.rows, stretch.places)
    slice(363, 365, None) slice(0, 2, None)
    slice(0, 1, None) slice(2, 3, None)
    """
    step, months, at = PERIOD_SECONDS[period], MONTHS[period], start
    while at < end:
        day = natural_day(at)
        month = (day.year * _YEAR + day.month - 1) // months * months
        begin, stop = _month_start(month), min(end, _month_start(month + months))
        rows = slice((at - begin) // step, (stop - begin) // step)
        yield Stretch(month, rows, slice((at - start) // step, (stop - start) // step))
        at = stop
