"""The ranking of a month, a year to date, or any other period, from the days of all cities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.composite_index import CompositeIndex, composite_index, ranking_concentrations
from qingchuan.processing.air.ranking import Ranking, rank_by_index
from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import CityAirRanking


@dataclass(frozen=True, slots=True, eq=False)
class PeriodRanking:
    """The ranking of a period by the composite index, with what it rests on.

    Attributes
    ----------
    period : CalendarPeriod
    valid_days : dict of str to ndarray of int64, shape (cities,)
        Valid days of each item, to be shown with the ranking: what is at hand of the rule asks for no number. [d]
    concentrations : dict of str to ndarray of uint16, shape (cities,)
        [scaled, of the decimals of the rule]
    index : CompositeIndex
    ranking : Ranking
    """

    period: CalendarPeriod
    valid_days: dict[str, NDArray[np.int64]]
    concentrations: dict[str, Scaled]
    index: CompositeIndex
    ranking: Ranking


def rank_period(days: Mapping[str, Scaled], dates: Days, period: CalendarPeriod, rule: CityAirRanking) -> PeriodRanking:
    """Ranking of a period by the composite index.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (cities, days)
        Daily values of the cities that are ranked, such as `key_cities.on` the last day of the period. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
        Each day once, in any order; those outside the period are left out.
    period : CalendarPeriod
        A month, a year to date, or any other.
    rule : CityAirRanking
        The edition that holds on the last day of the period, or a variant of it with a name.

    Returns
    -------
    PeriodRanking

    Notes
    -----
    A city has an index where each item has at least one valid day: what is at hand of the rule asks for no number.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> period, rule = month_of(date(2025, 2, 1)), standards.in_force("hb2018_19", date(2025, 2, 28))
    >>> days = {item: np.array([[40] * 28, [30] * 28, [65535] * 28], np.uint16) for item in rule.index.items}
    >>> found = rank_period(days, period.dates, period, rule)
    >>> found.index.total, found.ranking.ranks, found.valid_days["co"]
    (array([463, 348,  -1]), array([2, 1, 0], dtype=int32), array([28, 28,  0]))
    """
    held = period.holds(dates)
    kept = {item: np.asarray(days[item])[..., held] for item in rule.index.items if item in days}
    concentrations = ranking_concentrations(kept, rule)
    index = composite_index(concentrations, rule)
    valid_days = {item: np.asarray((values != MISSING).sum(axis=-1)) for item, values in kept.items()}
    return PeriodRanking(period, valid_days, concentrations, index, rank_by_index(index.total))
