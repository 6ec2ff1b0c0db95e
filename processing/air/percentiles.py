"""Percentiles of a period: exact in whole numbers, rounded once.

The values are sorted once; every percentile of them is then two of them and a division.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

_WHOLE = 100
"""Percent of the whole [%]."""


class Ordered(NamedTuple):
    """Values in order.

    Attributes
    ----------
    values : ndarray of uint16, shape (..., n)
        Ascending along the last axis, what is missing last. [scaled]
    counts : ndarray of int64, shape (...)
        How many are not missing. [-]
    """

    values: Scaled
    counts: NDArray[np.int64]


def ordered(values: Scaled) -> Ordered:
    """Values in order, as percentiles are taken of them.

    Parameters
    ----------
    values : ndarray of uint16, shape (..., n)
        Such as the days of a year; one value without an axis is a list of one. [scaled]

    Returns
    -------
    Ordered

    Examples
    --------
    >>> ordered(np.array([30, 65535, 10], np.uint16))
    Ordered(values=array([   10,    30, 65535], dtype=uint16), counts=array(2))
    """
    values = np.sort(np.atleast_1d(values), axis=-1)
    return Ordered(values, np.asarray(np.count_nonzero(values != MISSING, axis=-1)))


def percentile(series: Ordered, percent: int, *, decimals: int = 0) -> Scaled:
    """Percentile of values, linear between the two about its place, rounded once.

    Parameters
    ----------
    series : Ordered
        Of n values; those that are missing do not count.
    percent : int
        0 … 100. [%]
    decimals : int, optional
        How many decimals more than the values the percentile has. [-]

    Returns
    -------
    ndarray of uint16, shape (...)
        [scaled, with `decimals` more decimals] Missing where there is no value. A percentile beyond the range of uint16
        is held as its largest value.

    Raises
    ------
    ValueError
        The percent is not 0 … 100.

    Notes
    -----
    The place is k = 1 + (n − 1) · p %, counted from 1. Its whole part s names a value, its fraction the share of the
    way to the next: X(s) + (X(s+1) − X(s)) · (k − s).

    References
    ----------
    .. [1] HJ 663—2013, A.6 and 6.3.

    Examples
    --------
    >>> series = ordered(np.array([3, 4, 8, 2, 5, 4, 65535], np.uint16))
    >>> percentile(series, 90, decimals=1), percentile(series, 90)
    (array(65, dtype=uint16), array(6, dtype=uint16))
    """
    hundredfold = _hundredfold(series, percent)
    rounded = np.minimum(divide_half_even(hundredfold * 10**decimals, _WHOLE), LARGEST)
    return np.asarray(np.where(series.counts > 0, rounded, MISSING)).astype(np.uint16)


def percentile_exact(series: Ordered, percent: int) -> NDArray[np.float64]:
    """Percentile of values as `percentile` has it, not rounded.

    Parameters
    ----------
    series : Ordered
    percent : int
        0 … 100. [%]

    Returns
    -------
    ndarray of float64, shape (...)
        [scaled] NaN where there is no value.

    Raises
    ------
    ValueError
        The percent is not 0 … 100.

    References
    ----------
    .. [1] HJ 663—2013, A.6.

    Examples
    --------
    >>> percentile_exact(ordered(np.array([[3, 4, 8, 2, 5, 4], [65535] * 6], np.uint16)), 90)
    array([6.5, nan])
    """
    return np.asarray(np.where(series.counts > 0, _hundredfold(series, percent) / _WHOLE, np.nan))


def _hundredfold(series: Ordered, percent: int) -> NDArray[np.int64]:
    """Percentiles times a hundred, which are whole; of no meaning where there is no value."""
    if not 0 <= percent <= _WHOLE:
        msg = f"the percent has the value {percent}; it must be 0 … {_WHOLE} (HJ 663—2013, A.6)"
        raise ValueError(msg)
    if not series.values.shape[-1]:
        return np.zeros(series.counts.shape, dtype=np.int64)
    last = np.maximum(series.counts - 1, 0)
    place, share = np.divmod(last * percent, _WHOLE)
    below, above = _taken(series.values, place), _taken(series.values, np.minimum(place + 1, last))
    return np.asarray(below * _WHOLE + (above - below) * share)


def _taken(values: Scaled, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """The value at one place of each series."""
    return np.take_along_axis(values, place[..., np.newaxis], axis=-1)[..., 0].astype(np.int64)
