"""Everything of a period from its hours: AQI of hours and days, statistics, composite index, rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.air.aqi import aqi_and_primary, evaluate
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.composite_index import NO_INDEX, composite_index, ranking_concentrations
from qingchuan.processing.air.level_days import level_counts
from qingchuan.processing.air.rates import counted_days
from qingchuan.processing.air.statistics import period_statistics
from qingchuan.processing.ranks import competition_ranks_ascending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qingchuan.processing.air.aqi import AirQuality, AqiAndPrimary
    from qingchuan.processing.air.composite_index import CompositeIndex
    from qingchuan.processing.air.statistics import ItemStatistics
    from qingchuan.processing.calendar_periods import CalendarPeriod
    from qingchuan.processing.scaled import Scaled
    from qingchuan.processing.standards import AirAssessment, AirQualityIndex, AmbientAirLimits, CityAirRanking
    from qingchuan.processing.standards.air_limits import Grade


@dataclass(frozen=True, slots=True)
class Editions:
    """What a period is judged by: one edition of each standard, from its first day to its last.

    Attributes
    ----------
    index : AirQualityIndex
        Of HJ 633.
    rules : AirAssessment
        Of HJ 663.
    limits : AmbientAirLimits
        Of GB 3095; in the stage of the first day of the period.
    grade : {1, 2}
        Of the limits.
    ranking : CityAirRanking
        Of 城市环境空气质量排名技术规定, or a named variant of it.
    """

    index: AirQualityIndex
    rules: AirAssessment
    limits: AmbientAirLimits
    grade: Grade
    ranking: CityAirRanking


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What a period comes to at each of many stations.

    Attributes
    ----------
    period : CalendarPeriod
    editions : Editions
    hourly : AqiAndPrimary
        Of the hours, shape (hours, stations).
    days : dict of str to ndarray of uint16, shape (stations, days)
        24-hour means, and the daily maximum 8-hour means of ozone. [scaled]
    daily : AirQuality
        Of the days, shape (stations, days).
    counted : ndarray of bool, shape (stations, days)
        Days that count in a good-air rate.
    level_days : ndarray of int64, shape (stations, levels)
        How many of these have each level, 优 first. [d]
    statistics : dict of str to ItemStatistics
        Means and percentiles of the period, shape (stations,).
    concentrations : dict of str to ndarray of uint16, shape (stations,)
        What the stations are ranked by. [scaled, of the decimals of the ranking]
    index : CompositeIndex
        Of them.
    ranks : ndarray of int32, shape (stations,)
        By the composite index, 1 is the best; 0 where there is none. [-]
    """

    period: CalendarPeriod
    editions: Editions
    hourly: AqiAndPrimary
    days: dict[str, Scaled]
    daily: AirQuality
    counted: NDArray[np.bool_]
    level_days: NDArray[np.int64]
    statistics: dict[str, ItemStatistics]
    concentrations: dict[str, Scaled]
    index: CompositeIndex
    ranks: NDArray[np.int32]


def assess(hours: Scaled, period: CalendarPeriod, editions: Editions) -> Assessment:
    """What a period of whole days comes to, from its hours.

    Parameters
    ----------
    hours : ndarray of uint16, shape (items, 24 × days, stations)
        Hourly means in the order of `editions.index.report("hour")`, the first labelled 1:00 of the first day; of
        stations, or of cities: an hour of a city is the mean over its stations, `averaging.area_mean`. [scaled]
    period : CalendarPeriod
    editions : Editions

    Returns
    -------
    Assessment

    Raises
    ------
    ValueError
        The hours are not those of the items and days.

    Notes
    -----
    What comes between stays small: a year takes less than half of the memory of its hours beside them.

    References
    ----------
    .. [1] HJ 633; HJ 663—2013, 6.1, A.1; 环办监测〔2018〕19号.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> period = month_of(date(2025, 6, 1))
    >>> editions = Editions(
    ...     standards.in_force("hj633", period.last),
    ...     standards.in_force("hj663", period.last),
    ...     standards.in_force("gb3095", period.last),
    ...     2,
    ...     standards.load("hb2018_19", standards.CityAirRanking),
    ... )
    >>> hours = np.full((6, 24 * 30, 2), 30, np.uint16) + np.array([0, 5], np.uint16)
    >>> found = assess(hours, period, editions)
    >>> found.level_days.tolist(), found.index.total.tolist(), found.ranks.tolist()
    ([[0, 30, 0, 0, 0, 0], [0, 30, 0, 0, 0, 0]], [348, 406], [1, 2])
    """
    items = tuple(editions.index.report("hour"))
    _check(hours, len(items), period, editions.rules)
    of_items = dict(zip(items, hours, strict=True))
    days = _days(of_items, period, editions)
    daily = evaluate(days, "day", editions.index)
    counted = counted_days(daily.aqi, daily.complete, editions.index.good_up_to)
    concentrations = ranking_concentrations(days, editions.ranking)
    index = composite_index(concentrations, editions.ranking)
    return Assessment(
        period=period,
        editions=editions,
        hourly=aqi_and_primary(of_items, "hour", editions.index),
        days=days,
        daily=daily,
        counted=counted,
        level_days=level_counts(daily.level, counted, len(editions.index.levels)),
        statistics=period_statistics(days, period.dates, period, editions.rules),
        concentrations=concentrations,
        index=index,
        ranks=competition_ranks_ascending(index.total, index.total != NO_INDEX),
    )


def _days(hours: dict[str, Scaled], period: CalendarPeriod, editions: Editions) -> dict[str, Scaled]:
    """Daily values of the items of a day, the day axis last."""
    return {
        item: np.ascontiguousarray(_daily(item, hours, period, editions).T) for item in editions.index.report("day")
    }


def _daily(item: str, hours: dict[str, Scaled], period: CalendarPeriod, editions: Editions) -> Scaled:
    rules, limits = editions.rules, editions.limits
    source = rules.daily_maximum.items.get(item)
    if source is None:
        return daily_mean(hours[item], rules)
    decimals = editions.index.decimals.items[item]
    limit = limits.scaled_limit(item, "day", decimals, grade=editions.grade, on=period.start)
    return daily_max_8h(hours[source], rules, limit)


def _check(hours: Scaled, items: int, period: CalendarPeriod, rules: AirAssessment) -> None:
    wanted = (items, rules.daily_mean.hours * period.days)
    if np.ndim(hours) != len(wanted) + 1 or np.shape(hours)[:-1] != wanted:
        shape = f"({items}, {wanted[1]}, stations)"
        raise ValueError(f"the hours have the shape {np.shape(hours)}; those of {period.days} days have {shape}")
