"""The editions that judge the water of a period, and the periods themselves."""

from __future__ import annotations

import datetime as dt
import functools
from typing import NamedTuple

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.calendar import day_of, month_of, year_of
from qingchuan.api.schemas.water_periods import By
from qingchuan.processing.standards import (
    SurfaceWaterClasses,
    UnknownEdition,
    WaterRounding,
    WaterSampling,
    WaterStatus,
    in_force,
    load,
    names,
)

_WEEK = dt.timedelta(days=7)
_ONE_MONTH = 31


class WaterRules(NamedTuple):
    """The editions that judge the water over a period.

    Attributes
    ----------
    classes : SurfaceWaterClasses
    measures : WaterStatus
    rounding : WaterRounding
    sampling : WaterSampling
        Where none is in force yet, the first: how automatic and manual samples go together was not written before.
    """

    classes: SurfaceWaterClasses
    measures: WaterStatus
    rounding: WaterRounding
    sampling: WaterSampling

    @property
    def documents(self) -> list[str]:
        """Names of the documents."""
        return [edition.document for edition in self]


@functools.lru_cache(maxsize=4096)
def water_rules(day: dt.date) -> WaterRules:
    """The editions in force on `day`.

    Raises
    ------
    UnknownEdition
        The day lies before the first edition.

    Examples
    --------
    >>> water_rules(dt.date(2026, 11, 24)).documents
    ['GB 3838—2002', '环办〔2011〕22号', '总站水字〔2020〕90号', '环办监测函〔2020〕82号']
    """
    judged = in_force("gb3838", day), in_force("hb2011_22", day), in_force("cnemc2020_90", day)
    try:
        sampling = in_force("hb2020_82", day)
    except UnknownEdition:
        sampling = load(min(name for name in names() if name.startswith("hb2020_82")), WaterSampling)
    return WaterRules(*judged, sampling)


def rules_of(day: dt.date) -> WaterRules | None:
    """The editions in force on `day`; None before the first."""
    try:
        return water_rules(day)
    except UnknownEdition:
        return None


class WaterPeriod(NamedTuple):
    """A period that water is judged over.

    Attributes
    ----------
    whole : Dates
    over : Dates
        The part of it that is over.
    """

    whole: Dates
    over: Dates

    @property
    def last(self) -> dt.date:
        """The last of its days that are over: its edition judges the whole."""
        return self.over.end - dt.timedelta(days=1)

    @property
    def is_over(self) -> bool:
        """Whether all of it is over."""
        return self.whole == self.over

    @property
    def by_month(self) -> bool:
        """Whether it is judged by the mean of its months, as what is longer than one is."""
        return self.whole.days > _ONE_MONTH


def water_periods(days: Dates, by: By, over: dt.date) -> list[WaterPeriod]:
    """The periods that `days` lie in, each told whole; those of which no day is over are left out.

    Parameters
    ----------
    days : Dates
    by : By
        Weeks begin on Monday.
    over : datetime.date
        First day that is not over.

    Examples
    --------
    >>> november = Dates(dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    >>> [str(week.whole.start) for week in water_periods(november, "week", dt.date(2026, 11, 10))]
    ['2026-10-26', '2026-11-02', '2026-11-09']
    """
    found: list[WaterPeriod] = []
    day = days.start
    while day < min(days.end, over):
        whole = _whole(day, by)
        found.append(part_over(whole, over))
        day = whole.end
    return found


def part_over(whole: Dates, over: dt.date) -> WaterPeriod:
    """The period of `whole`, of which what lies before `over` is over."""
    return WaterPeriod(whole, Dates(whole.start, max(whole.start, min(whole.end, over))))


def _whole(day: dt.date, by: By) -> Dates:
    if by == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return Dates(monday, monday + _WEEK)
    return {"day": day_of, "month": month_of, "year": year_of}[by](day)
