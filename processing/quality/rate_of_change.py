"""Rate of change: values that moved faster than they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.quality.series import graded, line, seconds, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def rates(values: ArrayLike, times: ArrayLike) -> NDArray[np.float64]:
    """Size of the change of each value since the one before, by the time between them.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]

    Returns
    -------
    ndarray of float64, shape (..., time) or (1,)
        [unit of the item per second] NaN for the first value and where one of the two is missing.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values.

    Examples
    --------
    >>> rates([1, 3, np.nan, 4], [0, 2, 3, 4])
    array([nan,  1., nan, nan])
    """
    told = line(values)
    when = seconds(times, told)
    change = np.full(told.shape, np.nan)
    with np.errstate(over="ignore"):
        change[..., 1:] = np.abs(np.diff(told, axis=-1)) / np.diff(when)
    return change


def rate_of_change(values: ArrayLike, times: ArrayLike, suspect: float, fail: float) -> NDArray[np.uint8]:
    """Flags of values by how fast they changed since the value before.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending, at any distance. [s since 1970-01-01 UTC]
    suspect, fail : float
        How fast it may change; infinite where the test does not set the flag. [unit of the item per second]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 3 suspect, 4 bad, 9 missing.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.rate_of_change_test``: what has nothing before it to be compared with, the first
    value and one behind a gap, passes. Unlike there a value behind an infinite one passes too (ioos_qc fails it), and
    two values of one moment are refused (ioos_qc compares their difference with the rate).

    References
    ----------
    .. [1] QARTOD, test 7: rate of change.

    Examples
    --------
    >>> rate_of_change([1, 3, 9, np.nan, 50], [0, 1, 2, 3, 4], 1, 5)
    array([1, 3, 4, 9, 1], dtype=uint8)
    """
    compared = np.nan_to_num(rates(values, times), nan=0.0, posinf=np.inf)
    return without_missing(graded(compared, suspect, fail), values)
