"""Which tests an item's thresholds ask for, run on its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing import catalogue
from qingchuan.processing.flags import BAD, SUSPECT
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.constant import constant
from qingchuan.processing.quality.flat_line import flat_line
from qingchuan.processing.quality.gross_range import gross_range
from qingchuan.processing.quality.network import neighbour_outlier
from qingchuan.processing.quality.outlier import outlier_large
from qingchuan.processing.quality.rate_of_change import rate_of_change
from qingchuan.processing.quality.spike import spike_average, spike_differential
from qingchuan.processing.quality.zeros import negative, zero

if TYPE_CHECKING:
    from qingchuan.processing.quality.thresholds import ItemThresholds

ByTest = dict[QualityTest, NDArray[np.uint8]]
"""Flags by the test that gave them."""

_ZERO_FLAGS = {"suspect": SUSPECT, "bad": BAD}
SPIKES = {"average": spike_average, "differential": spike_differential}


def by_itself(values: NDArray[np.float64], key: str, rules: ItemThresholds) -> ByTest:
    """Flags by the tests that need nothing but the value.

    Parameters
    ----------
    values : ndarray of float64, any shape
        [unit of the item] NaN where missing.
    key : str
        Of the catalogue, which knows the plausible range.
    rules : ItemThresholds

    Returns
    -------
    dict of QualityTest to ndarray of uint8, shape of `values`

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing.quality import thresholds
    >>> by_itself(np.array([12.0, 0.0]), "ph", thresholds.shipped().of("ph"))[QualityTest.GROSS_RANGE]
    array([3, 3], dtype=uint8)
    """
    plausible = catalogue.item(key).plausible
    found = {QualityTest.GROSS_RANGE: gross_range(values, plausible, usual(key, rules))}
    if rules.negative:
        found[QualityTest.NEGATIVE] = negative(values, rules.negative.drift)
    if rules.zero:
        found[QualityTest.ZERO] = zero(values, _ZERO_FLAGS[rules.zero.flag])
    return found


def usual(key: str, rules: ItemThresholds) -> tuple[float, float]:
    """Range of an item [its unit] that is not suspect: the plausible one where no other is given."""
    return rules.gross_range.suspect if rules.gross_range else catalogue.item(key).plausible


def in_time(values: NDArray[np.float64], times: ArrayLike, key: str, rules: ItemThresholds) -> ByTest:
    """Flags by the tests that look at what came before and after.

    Parameters
    ----------
    values : ndarray of float64, shape (..., time)
        [unit of the item] NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    key : str
        Of the catalogue, which knows the cycle.
    rules : ItemThresholds

    Returns
    -------
    dict of QualityTest to ndarray of uint8, shape of `values`

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing.quality import thresholds
    >>> found = in_time(np.full(4, 7.1), 3600 * np.arange(4), "ph", thresholds.shipped().of("ph"))
    >>> found[QualityTest.CONSTANT]
    array([3, 3, 3, 3], dtype=uint8)
    """
    found = {}
    if spike := rules.spike:
        found[QualityTest.SPIKE] = SPIKES[spike.method](values, spike.suspect, spike.fail)
    if rate := rules.rate_of_change:
        found[QualityTest.RATE_OF_CHANGE] = rate_of_change(values, times, rate.suspect / HOUR, rate.fail / HOUR)
    if flat := rules.flat_line:
        lengths = flat.suspect_hours * HOUR, flat.fail_hours * HOUR
        found[QualityTest.FLAT_LINE] = flat_line(values, times, *lengths, flat.tolerance, flat.present)
    if same := rules.constant:
        cycle = catalogue.item(key).cycle_hours * HOUR
        found[QualityTest.CONSTANT] = constant(values, times, cycle, same.further)
    return found


def among_others(
    values: NDArray[np.float64],
    counts: NDArray[np.bool_],
    times: ArrayLike,
    rules: ItemThresholds,
    neighbours: ArrayLike | None,
) -> ByTest:
    """Flags by the tests that compare with valid values: those of days before, and those of other stations.

    Parameters
    ----------
    values : ndarray of float64, shape (..., time), with neighbours (..., stations, time)
        [unit of the item] NaN where missing.
    counts : ndarray of bool, shape of `values`
        Which of them are valid.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    rules : ItemThresholds
    neighbours : array_like of int, shape (stations, most), or None
        As `surroundings` has them; None where stations are not compared.

    Returns
    -------
    dict of QualityTest to ndarray of uint8, shape of `values`

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing.quality import thresholds
    >>> from qingchuan.processing.quality.network import all_others
    >>> pm25 = np.array([[30.0], [34.0], [38.0], [190.0]])
    >>> found = among_others(pm25, pm25 > 0, [0], thresholds.shipped().of("pm25"), all_others(4))
    >>> found[QualityTest.NETWORK].ravel()
    array([1, 1, 1, 3], dtype=uint8)
    """
    found = {}
    if large := rules.outlier_large:
        length = large.days * DAY
        found[QualityTest.OUTLIER_LARGE] = outlier_large(values, counts, times, length, large.factor, large.at_least)
    if (rule := rules.network) and neighbours is not None:
        found[QualityTest.NETWORK] = neighbour_outlier(
            values, counts, neighbours, rule.threshold, rule.at_least, rule.least_spread, rule.consistency
        )
    return found
