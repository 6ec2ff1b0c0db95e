"""Where a city stands in a period: its good-air rate, its composite index, and its rank among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.composite_index import composite_index, ranking_concentrations
from qingchuan.processing.air.daily_air import DailyAir
from qingchuan.processing.air.ranking import rank_among
from qingchuan.processing.air.rates import good_air_rate
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, CityAirRanking
from qingchuan.processing.standards.by_day import EditionsByDay


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRules:
    """The editions that the figures of a city in a period are by.

    Attributes
    ----------
    index : EditionsByDay of AirQualityIndex
        Of HJ 633: `editions_of` the days of the period.
    assessment : AirAssessment
        Of HJ 663.
    ranking : CityAirRanking
        Of the ranking, or a variant of it with a name.
    """

    index: EditionsByDay[AirQualityIndex]
    assessment: AirAssessment
    ranking: CityAirRanking


class Standing(NamedTuple):
    """Three figures of a city in a period.

    Attributes
    ----------
    rate : ndarray of int64, shape (...)
        Published good-air rate, in units of its last decimal. -1 where there is none.
    total : ndarray of int64, shape (...)
        Composite index, in units of its last decimal. -1 where there is none.
    rank : ndarray of int32, shape (...)
        Among the other cities, which stay as they are. 0 where there is none. [-]
    """

    rate: NDArray[np.int64]
    total: NDArray[np.int64]
    rank: NDArray[np.int32]


def standing(days: Mapping[str, Scaled], air: DailyAir, others: ArrayLike, rules: CityRules) -> Standing:
    """Where a city stands.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        Daily values of the city in the period. [scaled]
    air : DailyAir
        Of the same days.
    others : array_like of int, shape (cities,)
        Composite indices of the other cities. Below 0 where there is none.
    rules : CityRules

    Returns
    -------
    Standing, shape (...)

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.daily_air import daily_air
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2025-06-01", "2025-06-02"], "datetime64[D]")
    >>> rules = CityRules(
    ...     index=editions_of(dates, "hj633"),
    ...     assessment=standards.in_force("hj663", date(2025, 6, 2)),
    ...     ranking=standards.in_force("hb2018_19", date(2025, 6, 2)),
    ... )
    >>> days = {item: np.array([40, 80], np.uint16) for item in rules.ranking.index.items}
    >>> standing(days, daily_air(days, rules.index), [500, 700], rules)
    Standing(rate=array(500), total=array(750), rank=array(3, dtype=int32))
    """
    index = composite_index(ranking_concentrations(days, rules.ranking), rules.ranking)
    rate = good_air_rate(air.aqi, air.complete, air.good_up_to, rules.assessment.decimals.rate).rate
    return Standing(rate, index.total, rank_among(index.total, others))
