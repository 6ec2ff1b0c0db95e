"""The composite index of cities (环境空气质量综合指数) that they are ranked by, and the single ones it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.air.statistics import period_mean
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import CityAirRanking
from qingchuan.processing.standards.city_ranking import IndexRow

NO_INDEX = -1
"""The index where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class CompositeIndex:
    """Composite index of places, with what it is made of.

    Attributes
    ----------
    items : tuple of str
        The first axis of `single` and `primary`.
    single : ndarray of int64, shape (items, ...)
        Single indices, in units of their last decimal: 0.83 is 83. -1 where the item is missing.
    total : ndarray of int64, shape (...)
        The composite index, in the same units. -1 where any item is missing: there is no index then.
    largest : ndarray of int64, shape (...)
        Largest of the single indices, whatever they weigh. -1 where there is no composite index.
    primary : ndarray of bool, shape (items, ...)
        Items that have it; several where they tie, none where there is no composite index.
    decimals : int
        [-]
    """

    items: tuple[str, ...]
    single: NDArray[np.int64]
    total: NDArray[np.int64]
    largest: NDArray[np.int64]
    primary: NDArray[np.bool_]
    decimals: int


def ranking_concentrations(days: Mapping[str, Scaled], rule: CityAirRanking) -> dict[str, Scaled]:
    """Concentration of each item that a place is ranked by: the mean of its days, or their percentile.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        Daily values of the period: 24-hour means, and the daily maximum 8-hour means of ozone. [scaled] An item that
        the index does not have is not looked at; one value without an axis is a period of one day.
    rule : CityAirRanking
        The edition.

    Returns
    -------
    dict of str to ndarray of uint16, shape (...)
        [scaled, of the decimals of the rule] Missing where no day is valid; how many are is told elsewhere.

    References
    ----------
    .. [1] 环办监测〔2018〕19号, 三; HJ 663—2013, A.2, A.6, 6.3.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> days = {"pm25": np.array([30, 31, 65535], np.uint16), "co": np.array([6, 9, 11], np.uint16)}
    >>> ranking_concentrations(days, rule)
    {'pm25': array(30, dtype=uint16), 'co': array(11, dtype=uint16)}
    """
    return {row.item: concentration(days[row.item], row) for row in rule.index.rows if row.item in days}


def concentration(days: Scaled, row: IndexRow) -> Scaled:
    """Concentration of one item that a place is ranked by.

    Parameters
    ----------
    days : ndarray of uint16, shape (..., days)
        As `ranking_concentrations` has them. [scaled]
    row : IndexRow
        Of the item: `IndexRule.row`.

    Returns
    -------
    ndarray of uint16, shape (...)
        [scaled, of the decimals of the rule] Missing where no day is valid.
    """
    days = np.atleast_1d(days)
    if row.percent is None:
        return period_mean(days, decimals=row.more_decimals)
    return percentile(ordered(days), row.percent, decimals=row.more_decimals)


def single_index(concentrations: ArrayLike, item: str, rule: CityAirRanking) -> NDArray[np.int64]:
    """Single index (单项指数) of an item: the concentration divided by its limit.

    Parameters
    ----------
    concentrations : array_like of uint16, any shape
        Of `ranking_concentrations`. [scaled, of the decimals of the rule]
    item : str
    rule : CityAirRanking
        The edition.

    Returns
    -------
    ndarray of int64, shape of `concentrations`
        In units of its last decimal: 0.83 is 83. -1 where the concentration is missing.

    Raises
    ------
    LookupError
        The index does not have the item.

    References
    ----------
    .. [1] 环办监测〔2018〕19号, 三; GB/T 8170.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> single_index([9, 13, 65535], "co", rule), single_index(13, "no2", rule)
    (array([22, 32, -1]), array(32))
    """
    values, factor = np.asarray(concentrations).astype(np.int64), rule.index.row(item).factor(rule.index.decimals)
    missing = values == MISSING
    rounded = divide_half_even(np.where(missing, 0, values) * factor.numerator, factor.denominator)
    return np.asarray(np.where(missing, NO_INDEX, rounded))


def composite_index(concentrations: Mapping[str, Scaled], rule: CityAirRanking) -> CompositeIndex:
    """Composite index of places.

    Parameters
    ----------
    concentrations : mapping of str to ndarray of uint16, shapes that broadcast to (...)
        Of `ranking_concentrations`. [scaled, of the decimals of the rule] An item that is left out is missing.
    rule : CityAirRanking
        The edition, or a variant of it with a name.

    Returns
    -------
    CompositeIndex

    Notes
    -----
    Each single index is rounded, then they are added. Of the published indices that were recomputed this gives all 30,
    adding first and rounding then gives 15.

    References
    ----------
    .. [1] 环办监测〔2018〕19号, 三; GB/T 8170.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> heyuan = {"so2": 3, "no2": 13, "pm10": 16, "pm25": 13, "co": 9, "o3_8h": 87}
    >>> found = composite_index({item: np.uint16(value) for item, value in heyuan.items()}, rule)
    >>> found.total, found.largest, [item for item, first in zip(found.items, found.primary) if first]
    (array(173), array(54), ['o3_8h'])
    """
    items = rule.index.items
    shape = np.broadcast_shapes(*(np.shape(concentrations[item]) for item in items if item in concentrations))
    single = np.full((len(items), *shape), NO_INDEX, np.int64)
    for place, item in enumerate(items):
        if item in concentrations:
            single[place] = single_index(concentrations[item], item, rule)
    total = weighted_total(single, rule)
    largest = np.asarray(np.where(total == NO_INDEX, NO_INDEX, single.max(axis=0)))
    primary = (single == largest) & (total != NO_INDEX)
    return CompositeIndex(items, single, total, largest, primary, rule.index.decimals)


def weighted_total(single: ArrayLike, rule: CityAirRanking) -> NDArray[np.int64]:
    """Sum of rounded single indices, each by its weight, rounded once.

    Parameters
    ----------
    single : array_like of int, shape (items, ...)
        In the order of the rule, in units of their last decimal; -1 where there is none.
    rule : CityAirRanking
        The edition, or a variant of it with a name.

    Returns
    -------
    ndarray of int64, shape (...)
        In the same units. -1 where any single index is missing, also one that weighs nothing.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> weighted_total([5, 32, 23, 37, 22, 54], rule)
    array(173)
    """
    single, weights = np.asarray(single, dtype=np.int64), rule.index.weights
    whole = np.tensordot(np.array(weights.numerators, np.int64), single, axes=1)
    total = divide_half_even(whole, weights.denominator)
    return np.asarray(np.where((single < 0).any(axis=0), NO_INDEX, total))
