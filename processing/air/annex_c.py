"""The indices of HJ 663, annex C, by which places are compared: single, largest and composite (单项、最大、综合指数).

They are not those of the national ranking: a single index is the worse of mean and percentile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.composite_index import NO_INDEX
from qingchuan.processing.air.statistics import ItemStatistics, check_official
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits


@dataclass(frozen=True, slots=True, eq=False)
class AnnexCIndex:
    """Indices of places by annex C.

    Attributes
    ----------
    items : tuple of str
        All basic items; the first axis of `single`.
    single : ndarray of int64, shape (items, ...)
        Single indices (单项指数), in units of their last decimal. -1 where the item is missing or not valid.
    largest : ndarray of int64, shape (...)
        The largest of them (最大指数). -1 where any is missing.
    total : ndarray of int64, shape (...)
        The composite index (综合指数), their exact sum rounded once. -1 where any is missing.
    decimals : int
        [-]
    exact : ndarray of int64, shape (items, ...)
        Single indices before they are rounded, times `denominator`. -1 where there is none.
    denominator : int
        [-]
    """

    items: tuple[str, ...]
    single: NDArray[np.int64]
    largest: NDArray[np.int64]
    total: NDArray[np.int64]
    decimals: int
    exact: NDArray[np.int64]
    denominator: int


class Ratios(NamedTuple):
    """What the statistics of an item are divided by in annex C.

    Attributes
    ----------
    mean, percentile : int or None
        The annual and the daily limit. [scaled] None where the statistic takes no part.
    """

    mean: int | None
    percentile: int | None


def annex_c_index(
    statistics: Mapping[str, ItemStatistics],
    limits: AmbientAirLimits,
    rules: AirAssessment,
    *,
    on: date,
    decimals: int,
) -> AnnexCIndex:
    """Indices of places by annex C: I_i = max(mean / annual limit, percentile / daily limit), their maximum and sum.

    Parameters
    ----------
    statistics : mapping of str to ItemStatistics, shapes that broadcast to (...)
        Of `period_statistics`, of the official decimals. One that is left out is missing.
    limits : AmbientAirLimits
        The edition of GB 3095.
    rules : AirAssessment
        The edition of HJ 663.
    on : date
        Day whose stage of the limits holds: the last one of the period, or another to compare.
    decimals : int
        Of the indices: the text says nothing of how they are rounded. [-]

    Returns
    -------
    AnnexCIndex

    Raises
    ------
    ValueError
        A statistic has more than the official decimals.

    Notes
    -----
    All basic items take part. The sum is that of the exact single indices, rounded once, as no clause rounds between.

    References
    ----------
    .. [1] HJ 663—2013, annex C, formulas (C.1) to (C.3); 6.1.5.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.statistics import period_statistics
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year = year_of(date(2025, 1, 1))
    >>> rules, limits = standards.in_force("hj663", year.last), standards.in_force("gb3095", year.last)
    >>> means = {"so2": 8, "no2": 30, "pm10": 50, "pm25": 28, "co": 9, "o3_8h": 140}
    >>> days = {item: np.full(365, value, np.uint16) for item, value in means.items()}
    >>> found = annex_c_index(period_statistics(days, year.dates, year, rules), limits, rules, on=year.last, decimals=2)
    >>> found.single, found.largest, found.total
    (array([13, 75, 71, 80, 22, 88]), array(88), array(350))
    """
    items = rules.basic.day
    ratios = {item: annex_c_ratios(item, limits, rules, on=on) for item in items}
    whole = lcm(*(limit for ratio in ratios.values() for limit in ratio if limit is not None))
    shape = np.broadcast_shapes(*(statistics[item].valid.shape for item in items if item in statistics))
    exact = np.full((len(items), *shape), NO_INDEX, np.int64)
    for place, item in enumerate(items):
        if item in statistics:
            exact[place] = _exact(statistics[item], ratios[item], whole, rules)
    missing, scale = exact < 0, 10**decimals
    single = np.where(missing, NO_INDEX, divide_half_even(np.where(missing, 0, exact) * scale, whole))
    there = ~missing.any(axis=0)
    total = divide_half_even(np.where(there, exact.sum(axis=0), 0) * scale, whole)
    return AnnexCIndex(
        items=items,
        single=single,
        largest=np.asarray(np.where(there, single.max(axis=0), NO_INDEX)),
        total=np.asarray(np.where(there, total, NO_INDEX)),
        decimals=decimals,
        exact=exact,
        denominator=whole,
    )


def annex_c_ratios(item: str, limits: AmbientAirLimits, rules: AirAssessment, *, on: date) -> Ratios:
    """Limits that the mean and the percentile of an item are divided by.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> day = date(2025, 12, 31)
    >>> limits, rules = standards.in_force("gb3095", day), standards.in_force("hj663", day)
    >>> annex_c_ratios("pm25", limits, rules, on=day), annex_c_ratios("co", limits, rules, on=day)
    (Ratios(mean=35, percentile=75), Ratios(mean=None, percentile=40))
    """
    rule, decimals = rules.comparison, rules.decimals.items[item]
    mean = limits.scaled_limit(item, "year", decimals, grade=rule.grade, on=on) if item in rule.means else None
    percentile = (
        limits.scaled_limit(item, "day", decimals, grade=rule.grade, on=on) if item in rule.percentiles else None
    )
    return Ratios(mean, percentile)


def _exact(statistics: ItemStatistics, ratios: Ratios, whole: int, rules: AirAssessment) -> NDArray[np.int64]:
    """Single indices over the denominator `whole`; -1 where the statistics are not valid."""
    check_official(statistics, rules)
    parts = [
        value.astype(np.int64) * (whole // limit)
        for value, limit in ((statistics.mean, ratios.mean), (statistics.percentile, ratios.percentile))
        if limit is not None
    ]
    return np.asarray(np.where(statistics.valid, np.max(parts, axis=0), NO_INDEX))
