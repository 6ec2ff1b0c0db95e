"""The change of the composite index against an earlier period, and who is exempt from the list of the worse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.ranks import whole_numbers
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AmbientAirLimits, CityAirRanking


class IndexChange(NamedTuple):
    """Change of the composite index against an earlier period (综合指数变化率).

    Attributes
    ----------
    rate : ndarray of int64, shape (...)
        (I − I0) / I0 in percent, in units of its last decimal: −9.0 % is −90. Below 0 it got better. 0 where unknown.
    known : ndarray of bool, shape (...)
        Whether both indices are there.
    decimals : int
        [-]
    """

    rate: NDArray[np.int64]
    known: NDArray[np.bool_]
    decimals: int


def index_change(total: ArrayLike, before: ArrayLike, rule: CityAirRanking) -> IndexChange:
    """Change of the composite index against an earlier period.

    Parameters
    ----------
    total, before : array_like of int, any shape
        `CompositeIndex.total` of the two periods, by the same rule. Below 0 where there is none.
    rule : CityAirRanking
        The edition.

    Returns
    -------
    IndexChange
        Not known where the earlier index is 0.

    Raises
    ------
    TypeError
        Indices that are no whole numbers.

    References
    ----------
    .. [1] 环办监测函〔2017〕197号: R = (I − I0) / I0 × 100 %.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> index_change(263, 289, standards.load("hb2018_19", CityAirRanking)).rate
    array(-90)
    """
    total, before = np.broadcast_arrays(*(whole_numbers(index).astype(np.int64) for index in (total, before)))
    known = np.asarray((total >= 0) & (before > 0))
    difference, earlier = np.where(known, total - before, 0), np.where(known, before, 1)
    rate = divide_half_even(100 * 10**rule.change.decimals * difference, earlier)
    return IndexChange(rate, known, rule.change.decimals)


def meets_standard(
    concentrations: Mapping[str, Scaled], rule: CityAirRanking, limits: AmbientAirLimits, *, on: date
) -> NDArray[np.bool_]:
    """Whether all items of a place meet the standard, so that it is not among those that got worse.

    Parameters
    ----------
    concentrations : mapping of str to ndarray of uint16, shapes that broadcast to (...)
        Of `ranking_concentrations`. [scaled, of the decimals of the rule]
    rule : CityAirRanking
        The edition.
    limits : AmbientAirLimits
        The edition of GB 3095: the annual limits of means, the daily ones of percentiles.
    on : date
        Day whose stage of the limits holds: the last one of the period.

    Returns
    -------
    ndarray of bool, shape (...)
        False where an item is missing.

    References
    ----------
    .. [1] 环办监测函〔2017〕197号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule, limits = standards.load("hb2018_19", CityAirRanking), standards.load("gb3095_2012", AmbientAirLimits)
    >>> clean = {"so2": 8, "no2": 40, "pm10": 50, "pm25": np.array([35, 36]), "co": 9, "o3_8h": 160}
    >>> meets_standard({item: np.asarray(value) for item, value in clean.items()}, rule, limits, on=date(2020, 1, 31))
    array([ True, False])
    """
    met = np.asarray(all(row.item in concentrations for row in rule.index.rows))
    for row in rule.index.rows:
        averaging = "year" if row.percent is None else "day"
        limit = limits.scaled_limit(row.item, averaging, row.decimals, grade=rule.change.exempt_grade, on=on)
        value = np.asarray(concentrations.get(row.item, MISSING))
        met = met & (value != MISSING) & (value <= limit)
    return np.asarray(met)
