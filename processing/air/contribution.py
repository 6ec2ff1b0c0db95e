"""What costs a city most: the station, the pollutant and the day without which its figures would be better.

Each is left out in turn, all of them at once on one more axis, and the figures are those of the same functions as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.averaging import area_mean
from qingchuan.processing.air.composite_index import (
    NO_INDEX,
    CompositeIndex,
    composite_index,
    ranking_concentrations,
    weighted_total,
)
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.ranking import rank_among
from qingchuan.processing.air.rates import NO_RATE, counted_days, good_air_rate
from qingchuan.processing.air.standing import CityRules, Standing, standing
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import CityAirRanking
from qingchuan.processing.standards.air_index import NOT_COMPUTED


class Cost(NamedTuple):
    """By how much a figure is worse with a part than without it.

    Attributes
    ----------
    values : ndarray of int64, shape (parts,)
        In units of the figure: above 0 the part costs, below 0 it helps. 0 where it is not known.
    known : ndarray of bool, shape (parts,)
        Whether the figure is there both with the part and without it.
    """

    values: NDArray[np.int64]
    known: NDArray[np.bool_]

    @property
    def dearest(self) -> NDArray[np.int64]:
        """Places of the parts that cost most, several where they tie; empty where none costs anything.

        Examples
        --------
        >>> Cost(np.array([3, -1, 3, 0]), np.array([True, True, True, False])).dearest
        array([0, 2])
        """
        most = self.values.max(initial=0, where=self.known)
        return np.flatnonzero(self.known & (self.values == most) & (most > 0))


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """Figures of a city with all its parts, and without each of them.

    Attributes
    ----------
    whole : Standing, shape ()
    without : Standing, shape (parts,)
    """

    whole: Standing
    without: Standing

    @property
    def rate_cost(self) -> Cost:
        """How much lower the good-air rate is with each part."""
        known = (self.whole.rate != NO_RATE) & (self.without.rate != NO_RATE)
        return Cost(np.where(known, self.without.rate - self.whole.rate, 0), known)

    @property
    def index_cost(self) -> Cost:
        """How much larger the composite index is with each part."""
        known = (self.whole.total != NO_INDEX) & (self.without.total != NO_INDEX)
        return Cost(np.where(known, self.whole.total - self.without.total, 0), known)

    @property
    def rank_cost(self) -> Cost:
        """How many places the city is farther behind with each part."""
        known = (self.whole.rank != UNRANKED) & (self.without.rank != UNRANKED)
        difference = self.whole.rank.astype(np.int64) - self.without.rank
        return Cost(np.where(known, difference, 0), known)


@dataclass(frozen=True, slots=True, eq=False)
class PollutantContribution:
    """What each pollutant costs.

    Attributes
    ----------
    items : tuple of str
        The parts, in the order of the ranking rule.
    contribution : Contribution
        Without a pollutant the days are good that it alone spoils; its single index is left out of the city's composite
        index and of those of the other cities.
    single : ndarray of int64, shape (items,)
        Single indices, in units of their last decimal. -1 where there is none.
    bad_days : ndarray of int64, shape (items,)
        Days that count and are not good in this item. [d]
    alone : ndarray of int64, shape (items,)
        Those of them that no other item spoils. [d]
    """

    items: tuple[str, ...]
    contribution: Contribution
    single: NDArray[np.int64]
    bad_days: NDArray[np.int64]
    alone: NDArray[np.int64]


def station_contribution(stations: Mapping[str, Scaled], others: ArrayLike, rules: CityRules) -> Contribution:
    """What each station costs a city: its figures from all stations, and from all but each.

    Parameters
    ----------
    stations : mapping of str to ndarray of uint16, shape (stations, days)
        Daily values of all stations evaluated for the city, missing ones too. [scaled]
    others : array_like of int, shape (cities,)
        Composite indices of the other cities. Below 0 where there is none.
    rules : CityRules

    Returns
    -------
    Contribution
        Its parts are the stations. Where too few of the remaining ones are valid, the day is missing.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.4, A.2: the share that must be valid is one of the remaining stations.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2025-06-01", "2025-06-02"], "datetime64[D]")
    >>> rules = CityRules(
    ...     index=editions_of(dates, "hj633"),
    ...     assessment=standards.in_force("hj663", date(2025, 6, 2)),
    ...     ranking=standards.in_force("hb2018_19", date(2025, 6, 2)),
    ... )
    >>> stations = {item: np.array([[30, 30], [30, 30], [90, 110]], np.uint16) for item in rules.ranking.index.items}
    >>> found = station_contribution(stations, [500, 700], rules)
    >>> found.whole.total, found.without.total, found.rank_cost.values, found.index_cost.dearest
    (array(633), array([767, 767, 348]), array([-1, -1,  1]), array([2]))
    """
    by_day = {item: np.swapaxes(values, -1, -2) for item, values in stations.items()}
    whole = {item: area_mean(values, rules.assessment) for item, values in by_day.items()}
    without = {
        item: np.swapaxes(area_mean(_all_but_each(values), rules.assessment), -1, -2) for item, values in by_day.items()
    }
    return Contribution(
        standing(whole, daily_air(whole, rules.index), others, rules),
        standing(without, daily_air(without, rules.index), others, rules),
    )


def day_contribution(days: Mapping[str, Scaled], others: ArrayLike, rules: CityRules) -> Contribution:
    """What each day costs a city: its figures of all days, and of all but each.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        Daily values of the city in the period. [scaled]
    others : array_like of int, shape (cities,)
        Composite indices of the other cities. Below 0 where there is none.
    rules : CityRules

    Returns
    -------
    Contribution
        Its parts are the days.

    Notes
    -----
    A day that is left out is a day that is missing: none of these figures depends on how many days the period has.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2025-06-01", "2025-06-02"], "datetime64[D]")
    >>> rules = CityRules(
    ...     index=editions_of(dates, "hj633"),
    ...     assessment=standards.in_force("hj663", date(2025, 6, 2)),
    ...     ranking=standards.in_force("hb2018_19", date(2025, 6, 2)),
    ... )
    >>> days = {item: np.array([40, 80], np.uint16) for item in rules.ranking.index.items}
    >>> found = day_contribution(days, [500, 700], rules)
    >>> found.whole.rate, found.without.rate, found.rate_cost.dearest
    (array(500), array([   0, 1000]), array([1]))
    """
    air = daily_air(days, rules.index)
    left_out = np.eye(air.aqi.shape[-1], dtype=np.bool_)
    rest = {item: np.where(left_out, MISSING, values).astype(np.uint16) for item, values in days.items()}
    rest_of_air = air._replace(aqi=np.where(left_out, NOT_COMPUTED, air.aqi).astype(np.int16))
    return Contribution(standing(days, air, others, rules), standing(rest, rest_of_air, others, rules))


def pollutant_contribution(
    days: Mapping[str, Scaled], others: CompositeIndex, rules: CityRules
) -> PollutantContribution:
    """What each pollutant costs a city.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        Daily values of the city in the period. [scaled]
    others : CompositeIndex, shape (cities,)
        Of the other cities, by the same rule.
    rules : CityRules

    Returns
    -------
    PollutantContribution

    Notes
    -----
    A day that one pollutant alone spoils is taken to be as good as may be in it; where another item is missing, the day
    then no longer counts.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2025-06-01", "2025-06-02"], "datetime64[D]")
    >>> rules = CityRules(
    ...     index=editions_of(dates, "hj633"),
    ...     assessment=standards.in_force("hj663", date(2025, 6, 2)),
    ...     ranking=standards.in_force("hb2018_19", date(2025, 6, 2)),
    ... )
    >>> days = {item: np.array([30, 30], np.uint16) for item in rules.ranking.index.items}
    >>> days["pm25"] = np.array([80, 30], np.uint16)
    >>> others = composite_index({item: np.array([30, 34], np.uint16) for item in days}, rules.ranking)
    >>> found = pollutant_contribution(days, others, rules)
    >>> found.alone, found.contribution.whole.rank, found.contribution.without.rank
    (array([0, 0, 0, 1, 0, 0]), array(3, dtype=int32), array([3, 3, 3, 1, 3, 3], dtype=int32))
    """
    items, air = rules.ranking.index.items, daily_air(days, rules.index)
    own = composite_index(ranking_concentrations(days, rules.ranking), rules.ranking)
    none = np.full(air.aqi.shape, NOT_COMPUTED, np.int16)
    bad = np.stack([air.iaqi.get(item, none) for item in items]) > air.good_up_to
    bad &= counted_days(air.aqi, air.complete, air.good_up_to)
    alone = bad & (bad.sum(axis=0) == 1)
    spared = np.where(alone, air.good_up_to, air.aqi)
    totals = _without_each_item(own, rules.ranking)
    ranks = [
        rank_among(total, rest) for total, rest in zip(totals, _without_each_item(others, rules.ranking), strict=True)
    ]
    without = Standing(
        rate=good_air_rate(spared, air.complete, air.good_up_to, rules.assessment.decimals.rate).rate,
        total=totals,
        rank=np.array(ranks, np.int32),
    )
    whole = standing(days, air, others.total, rules)
    return PollutantContribution(items, Contribution(whole, without), own.single, bad.sum(axis=-1), alone.sum(axis=-1))


def _all_but_each(values: Scaled) -> Scaled:
    """Values without each of the last axis in turn, shape (..., n, n − 1)."""
    count = values.shape[-1]
    rest = np.nonzero(~np.eye(count, dtype=np.bool_))[1].reshape(count, max(count - 1, 0))
    return values[..., rest]


def _without_each_item(index: CompositeIndex, rule: CityAirRanking) -> NDArray[np.int64]:
    """Composite indices without each item in turn, shape (items, ...); -1 where there is none with all items."""
    totals = [weighted_total(_zeroed(index.single, place), rule) for place in range(len(index.items))]
    return np.where(index.total == NO_INDEX, NO_INDEX, np.stack(totals))


def _zeroed(single: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    left = single.copy()
    left[place] = 0
    return left
