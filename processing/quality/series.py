"""What the quality tests share: which values are there, moments in order, and measures turned into flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import BAD, GOOD, MISSING, NOT_EVALUATED, SUSPECT
from qingchuan.processing.periods import whole_seconds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NEVER = np.inf
"""A threshold that no measure exceeds: the test does not set this flag."""

_PLACES = 9
"""Sums and differences of decimals are compared at so many places, so that a tie of the decimals stays a tie."""


def line(values: ArrayLike) -> NDArray[np.float64]:
    """Values with at least the axis of time, NaN where a value is not finite.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()

    Returns
    -------
    ndarray of float64, shape (..., time) or (1,)
        A copy.

    Examples
    --------
    >>> line([1.0, np.inf, np.nan]), line(2.0)
    (array([ 1., nan, nan]), array([2.]))
    """
    values = np.atleast_1d(np.asarray(values, dtype=np.float64))
    return np.where(np.isfinite(values), values, np.nan)


def seconds(times: ArrayLike, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Times of the last axis of some values.

    Parameters
    ----------
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    values : ndarray, shape (..., time)

    Returns
    -------
    ndarray of int64, shape (time,)
        [s]

    Raises
    ------
    ValueError
        The times are no whole seconds, not as many as the values, or not ascending.

    Examples
    --------
    >>> seconds(np.array(["1970-01-01T01", "1970-01-01T02"], dtype="datetime64[h]"), np.zeros((3, 2)))
    array([3600, 7200])
    """
    times = np.atleast_1d(np.asarray(times))
    if times.shape != values.shape[-1:]:
        msg = f"the times have the shape {times.shape}; the last axis of the values {values.shape} asks for one a value"
        raise ValueError(msg)
    whole = whole_seconds(times)
    if (np.diff(whole) <= 0).any():
        msg = "the times are not strictly ascending; sort the values by time and keep one a moment"
        raise ValueError(msg)
    return whole


def graded(measure: NDArray[np.float64], suspect: float, fail: float) -> NDArray[np.uint8]:
    """Flags of a measure that should be small.

    Parameters
    ----------
    measure : ndarray of float64, any shape
        NaN where it could not be taken.
    suspect, fail : float
        The measure may be as large as this; `NEVER` where the test does not set the flag. [unit of `measure`]

    Returns
    -------
    ndarray of uint8, shape of `measure`
        2 where there is no measure.

    Examples
    --------
    >>> graded(np.array([2.0, 2.1, 5.1, np.nan]), 2, 5)
    array([1, 3, 4, 2], dtype=uint8)
    """
    flags = np.full(measure.shape, GOOD, dtype=np.uint8)
    flags[measure > suspect] = SUSPECT
    flags[measure > fail] = BAD
    flags[np.isnan(measure)] = NOT_EVALUATED
    return flags


def without_missing(flags: NDArray[np.uint8], values: ArrayLike) -> NDArray[np.uint8]:
    """Flags with 9 where there is no finite value, in the shape of the values.

    Examples
    --------
    >>> without_missing(np.array([1, 1], dtype=np.uint8), [0.5, np.nan])
    array([1, 9], dtype=uint8)
    """
    values = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(values), flags.reshape(values.shape), MISSING).astype(np.uint8)


def marked(values: ArrayLike, found: NDArray[np.bool_], flag: int) -> NDArray[np.uint8]:
    """One flag where something was found, 1 elsewhere, 9 where there is no finite value.

    Examples
    --------
    >>> marked([0.0, 1.0, np.nan], np.array([True, False, False]), SUSPECT)
    array([3, 1, 9], dtype=uint8)
    """
    return without_missing(np.where(found, flag, GOOD).astype(np.uint8), values)


def tidy(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Results of sums and differences, without what binary arithmetic put behind the ninth decimal.

    Examples
    --------
    >>> bool(0.1 + 0.7 < 0.8), bool(tidy(np.array(0.1 + 0.7)) < 0.8)
    (True, False)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.round(values, _PLACES))
