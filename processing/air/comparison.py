"""Two editions side by side: what the same days are under HJ 633—2012, under HJ 633—2026, and under later limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.rates import GoodAirRate, attainment_rate, counted_days
from qingchuan.processing.air.short_term import short_term_attainment
from qingchuan.processing.air.wording import GRADES
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, AmbientAirLimits, Text
from qingchuan.processing.standards.air_limits import Grade
from qingchuan.processing.standards.by_day import EditionsByDay, editions_of

NOT_STAGED = Text(
    "AQI分级表不分阶段，收紧后的浓度限值不改变AQI；本栏按日限值判定：各基本项目均不超过限值的为优良天",
    "the table of the AQI has no stages, and later limits leave the AQI as it is; this column goes by daily limits: a "
    "day is good when no basic item is above its own",
)
"""What a column by limits is; callers show it."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What the days are under one reading of the standards.

    Attributes
    ----------
    name : Text
        Such as HJ 633—2026.
    aqi : ndarray of int16, shape (..., days), or None
        [-] -1 where there is none. None of a column by limits.
    counted, good : ndarray of bool, shape (..., days)
        Days that count, as in the published good-air rate, and the good ones among them.
    bad_items : dict of str to ndarray of bool, shape (..., days)
        Whether an item alone makes the day bad.
    rate : GoodAirRate
        Good days, days that count, and their rate, shape (...).
    """

    name: Text
    aqi: NDArray[np.int16] | None
    counted: NDArray[np.bool_]
    good: NDArray[np.bool_]
    bad_items: dict[str, NDArray[np.bool_]]
    rate: GoodAirRate


@dataclass(frozen=True, slots=True, eq=False)
class LostDays:
    """Days that are good in one column and bad in another, and which items cost them.

    Attributes
    ----------
    lost : ndarray of bool, shape (..., days)
    days, kept : ndarray of int64, shape (...)
        How many good days are lost, and how many stay good. [d]
    by_item : dict of str to ndarray of bool, shape (..., days)
        Lost days that the item makes bad, alone or with others.
    item_days : dict of str to ndarray of int64, shape (...)
        How many they are: a day counts for each item that makes it bad. [d]
    alone_days : dict of str to ndarray of int64, shape (...)
        Those that no other item makes bad: without this one they would stay good. [d]
    """

    lost: NDArray[np.bool_]
    days: NDArray[np.int64]
    kept: NDArray[np.int64]
    by_item: dict[str, NDArray[np.bool_]]
    item_days: dict[str, NDArray[np.int64]]
    alone_days: dict[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class EditionComparison:
    """The same days under two editions of the index, under limits, and each under the edition of its own date.

    Attributes
    ----------
    first, second : Column
        By one edition each.
    limits : Column
        By daily limits of GB 3095; see `NOT_STAGED`.
    own : Column
        Each day by the edition in force on it: where the period straddles a change neither `first` nor `second`.
    lost_by_second, lost_by_limits : LostDays
        Good days of `first` that `second`, and that `limits`, make bad.
    """

    first: Column
    second: Column
    limits: Column
    own: Column
    lost_by_second: LostDays
    lost_by_limits: LostDays


def compare_editions(
    days: Mapping[str, Scaled],
    dates: Days,
    first: AirQualityIndex,
    second: AirQualityIndex,
    limits: AmbientAirLimits,
    rules: AirAssessment,
    *,
    grade: Grade,
    on: date,
) -> EditionComparison:
    """Days of a period under two editions of HJ 633, and under the daily limits of GB 3095 of some day.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        Items of the daily report, one at least; one that is left out is missing. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
    first, second : AirQualityIndex
        The editions, such as those of 2012 and 2026.
    limits : AmbientAirLimits
        The edition of GB 3095.
    rules : AirAssessment
        The edition of HJ 663: basic items, and decimals.
    grade : {1, 2}
        Of the limits.
    on : date
        Day whose stage of the limits is taken, such as 2031-01-01.

    Returns
    -------
    EditionComparison

    Raises
    ------
    ValueError
        An item that the daily report does not have.
    LookupError
        The edition of GB 3095 has no daily limit of a basic item.

    References
    ----------
    .. [1] HJ 633—2012, table 1; HJ 633—2026, table 3; GB 3095—2026, 4.2, table 1, 4.4.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> old, new = (standards.load(f"hj633_{year}", standards.AirQualityIndex) for year in (2012, 2026))
    >>> limits = standards.load("gb3095_2026", standards.AmbientAirLimits)
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> days = {item: np.full(3, 10, np.uint16) for item in rules.basic.day}
    >>> days["pm25"] = np.array([50, 60, 75], np.uint16)
    >>> dates = np.array(["2026-02-27", "2026-02-28", "2026-03-01"], "datetime64[D]")
    >>> found = compare_editions(days, dates, old, new, limits, rules, grade=2, on=date(2031, 1, 1))
    >>> [int(column.rate.good) for column in (found.first, found.second, found.limits, found.own)]
    [3, 2, 1, 2]
    >>> found.lost_by_second.lost, found.lost_by_second.alone_days["pm25"]
    (array([False, False,  True]), array(1))
    """
    before, after = (by_index(days, _all_days(edition, dates), rules) for edition in (first, second))
    later = by_limits(days, limits, rules, grade=grade, on=on)
    own = by_index(days, editions_of(dates, "hj633"), rules)
    return EditionComparison(before, after, later, own, lost_days(before, after), lost_days(before, later))


def by_index(days: Mapping[str, Scaled], editions: EditionsByDay[AirQualityIndex], rules: AirAssessment) -> Column:
    """Days under the index: a day is good up to the AQI of level Ⅱ.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        As `compare_editions` has them. [scaled]
    editions : EditionsByDay of AirQualityIndex
        The edition that judges each day.
    rules : AirAssessment
        The edition of HJ 663, for the decimals of the rate.

    Returns
    -------
    Column

    Raises
    ------
    ValueError
        An item that the daily report does not have.

    Notes
    -----
    Counted as in `processing.air.rates.counted_days`: a day that lacks an item counts only where it is bad already.
    """
    air = daily_air(days, editions)
    counted = counted_days(air.aqi, air.complete, air.good_up_to)
    good = np.asarray(counted & (air.aqi <= air.good_up_to))
    bad = {item: np.asarray(index > air.good_up_to) & (index >= 0) for item, index in air.iaqi.items()}
    return Column(_name(editions), air.aqi, counted, good, bad, _rate(good, counted, rules))


def by_limits(
    days: Mapping[str, Scaled], limits: AmbientAirLimits, rules: AirAssessment, *, grade: Grade, on: date
) -> Column:
    """Days under daily limits: a day is good when no basic item is above its limit.

    Parameters
    ----------
    days, limits, rules, grade, on
        As `compare_editions` has them.

    Returns
    -------
    Column
        Without an AQI: `NOT_STAGED`.

    Raises
    ------
    ValueError
        An item that is no basic one.
    LookupError
        The edition of GB 3095 has no daily limit of a basic item.

    Notes
    -----
    A day that lacks an item counts only where another is above its limit, as in the published rate.
    """
    items = rules.basic.day
    for item in days:
        if item not in items:
            raise ValueError(f"the day has the item {item!r}; basic are {', '.join(items)} ({rules.document}, table 1)")
    shape = np.broadcast_shapes(*(np.shape(values) for values in days.values()))
    complete, bad = np.ones(shape, np.bool_), {}
    for item in items:
        limit = limits.scaled_limit(item, "day", rules.decimals.items[item], grade=grade, on=on)
        values = np.broadcast_to(np.asarray(days.get(item, MISSING), np.uint16), shape)
        judged = short_term_attainment(values, limit, rules.decimals.multiple)
        complete &= judged.valid
        bad[item] = np.asarray(judged.valid & ~judged.attained)
    spoilt = np.logical_or.reduce(list(bad.values()))
    counted, good = np.asarray(complete | spoilt), np.asarray(complete & ~spoilt)
    since, of = limits.stage(on).in_force, GRADES[grade]
    name = Text(
        f"{limits.document}{of.zh}日限值（{since}起）", f"daily limits of {of.en} of {limits.document} (from {since})"
    )
    return Column(name, None, counted, good, bad, _rate(good, counted, rules))


def lost_days(before: Column, after: Column) -> LostDays:
    """Good days of one column that another makes bad, and which items cost them.

    Parameters
    ----------
    before, after : Column
        Of the same days. The other way round they are the days that are gained.

    Returns
    -------
    LostDays

    Notes
    -----
    A good day has all items, so that it counts in every column, but where the other has no AQI: then it is neither lost
    nor kept.
    """
    lost = np.asarray(before.good & after.counted & ~after.good)
    by_item = {item: np.asarray(lost & bad) for item, bad in after.bad_items.items()}
    number = np.sum(list(by_item.values()), axis=0)
    return LostDays(
        lost=lost,
        days=np.asarray(lost.sum(axis=-1)),
        kept=np.asarray((before.good & after.good).sum(axis=-1)),
        by_item=by_item,
        item_days={item: np.asarray(made.sum(axis=-1)) for item, made in by_item.items()},
        alone_days={item: np.asarray((made & (number == 1)).sum(axis=-1)) for item, made in by_item.items()},
    )


def _all_days(edition: AirQualityIndex, dates: Days) -> EditionsByDay[AirQualityIndex]:
    return EditionsByDay((edition,), np.zeros(np.shape(dates), np.int64))


def _name(editions: EditionsByDay[AirQualityIndex]) -> Text:
    names = [edition.document for edition in editions.editions]
    if len(names) == 1:
        return Text(names[0], names[0])
    return Text(f"各日所施行的版本（{'、'.join(names)}）", f"the edition of each day ({', '.join(names)})")


def _rate(good: NDArray[np.bool_], counted: NDArray[np.bool_], rules: AirAssessment) -> GoodAirRate:
    return GoodAirRate(*attainment_rate(good, counted, rules.decimals.rate))
