"""Gaps: values that are not there, moments that nothing was told of, and times that lie too far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import BAD, GOOD, NOT_EVALUATED
from qingchuan.processing.quality.series import marked, seconds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def gap(values: ArrayLike) -> NDArray[np.uint8]:
    """Flag 9 where there is no finite value, 1 where there is one.

    Parameters
    ----------
    values : array_like of float, any shape
        NaN where missing.

    Returns
    -------
    ndarray of uint8, shape of `values`

    References
    ----------
    .. [1] QARTOD, test 1: gap.

    Examples
    --------
    >>> gap([1.0, np.nan, np.inf])
    array([1, 9, 9], dtype=uint8)
    """
    values = np.asarray(values, dtype=np.float64)
    return marked(values, np.zeros(values.shape, dtype=np.bool_), GOOD)


def missing_steps(times: ArrayLike, start: int, end: int, step: int) -> NDArray[np.int64]:
    """Starts of the expected steps of a stretch that hold none of the times.

    Parameters
    ----------
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC] What lies outside the stretch does not count.
    start, end : int
        The stretch, ``[start, end)``; a last step that would reach beyond the end is not expected. [s since 1970-01-01
        UTC]
    step : int
        Length of a step: a time anywhere in ``[k × step, (k + 1) × step)`` from the start fills it. [s]

    Returns
    -------
    ndarray of int64, shape (missing,)
        [s since 1970-01-01 UTC] Ascending.

    Raises
    ------
    ValueError
        The step is shorter than a second, or the times are not strictly ascending.

    References
    ----------
    .. [1] QARTOD, test 1: gap.

    Examples
    --------
    >>> missing_steps([0, 3700, 14400], 0, 18000, 3600)
    array([ 7200, 10800])
    """
    if step < 1:
        msg = f"the step has the length {step}; it must be 1 s or more"
        raise ValueError(msg)
    times = np.atleast_1d(np.asarray(times))
    when = seconds(times, np.empty(times.shape))
    expected = max(end - start, 0) // step
    filled = (when - start) // step
    return start + step * np.setdiff1d(np.arange(expected), filled)


def time_gap(times: ArrayLike, longest: float) -> NDArray[np.uint8]:
    """Flags of moments by the time since the one before.

    Parameters
    ----------
    times : array_like of int or datetime64, shape (time,) or ()
        Ascending. [s since 1970-01-01 UTC]
    longest : float
        How far apart they may be. [s]

    Returns
    -------
    ndarray of uint8, shape of `times`
        1 good, 4 for a moment behind a longer gap. A single moment is not evaluated (2).

    Raises
    ------
    ValueError
        The times are not strictly ascending.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.time_gap_test``: the first moment takes the flag of the second. The test is about the
    line of transmission, not about the value behind the gap: `assess` does not run it.

    References
    ----------
    .. [1] QARTOD, test 1: gap.

    Examples
    --------
    >>> time_gap([0, 3600, 10801, 14401], 3600)
    array([1, 1, 4, 1], dtype=uint8)
    """
    times = np.asarray(times)
    moments = np.atleast_1d(times)
    when = seconds(moments, np.empty(moments.shape))
    if when.size <= 1:
        return np.full(times.shape, NOT_EVALUATED, dtype=np.uint8)
    flags = np.full(when.shape, GOOD, dtype=np.uint8)
    flags[1:][np.diff(when) > longest] = BAD
    flags[0] = flags[1]
    return flags
