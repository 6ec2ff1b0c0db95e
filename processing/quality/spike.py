"""Spikes: values that stand out from the one before and the one after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.quality.series import graded, line, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def heights_over_average(values: ArrayLike) -> NDArray[np.float64]:
    """Distance of each value from the mean of the one before and the one after.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.

    Returns
    -------
    ndarray of float64, shape (..., time) or (1,)
        [unit of the item] NaN for the first and the last value, and where one of the three is missing.

    Examples
    --------
    >>> heights_over_average([1, 2, 9, 2])
    array([nan,  3.,  7., nan])
    """
    around = line(values)
    heights = np.full(around.shape, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        middle = (around[..., :-2] + around[..., 2:]) / 2
        heights[..., 1:-1] = np.abs(around[..., 1:-1] - np.where(np.isfinite(middle), middle, np.nan))
    return heights


def heights_over_both(values: ArrayLike) -> NDArray[np.float64]:
    """Distance of each value from the nearer of the one before and the one after, where it lies above or below both.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.

    Returns
    -------
    ndarray of float64, shape (..., time) or (1,)
        [unit of the item] 0 where the value lies between the two; NaN for the first and the last value, and where one
        of the three is missing.

    Examples
    --------
    >>> heights_over_both([1, 2, 9, 3])
    array([nan,  0.,  6., nan])
    """
    around = line(values)
    heights = np.full(around.shape, np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.diff(around, axis=-1)
        before, after = steps[..., :-1], steps[..., 1:]
        smaller = np.minimum(np.abs(before), np.abs(after))
        heights[..., 1:-1] = np.where(before * after >= 0, 0, smaller)
    return heights


def spike_average(values: ArrayLike, suspect: float, fail: float) -> NDArray[np.uint8]:
    """Flags of values by their distance from the mean of their neighbours in time.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    suspect, fail : float
        How large the distance may be; infinite where the test does not set the flag. [unit of the item]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 2 not evaluated, 3 suspect, 4 bad, 9 missing. The first and the last value of a series, a neighbour of
        a missing one and a scalar are not evaluated.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.spike_test`` with ``method="average"``, but that a threshold of 0 is a threshold here
    and none there. A value beside a spike is half as far from its mean as the spike: `spike_differential` spares it.

    References
    ----------
    .. [1] QARTOD, test 6: spike.

    Examples
    --------
    >>> spike_average([1, 1, 9, 1, 1, np.nan], 3, 5)
    array([2, 3, 4, 3, 2, 9], dtype=uint8)
    """
    return without_missing(graded(heights_over_average(values), suspect, fail), values)


def spike_differential(values: ArrayLike, suspect: float, fail: float) -> NDArray[np.uint8]:
    """Flags of values by how far they stand out from both neighbours in time.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    suspect, fail : float
        How far the value may stand out; infinite where the test does not set the flag. [unit of the item]

    Returns
    -------
    ndarray of uint8, shape of `values`
        As `spike_average` has it.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.spike_test`` with ``method="differential"``, but that a threshold of 0 is a threshold
    here and none there.

    References
    ----------
    .. [1] QARTOD, test 6: spike; the method is that of ioos_qc.

    Examples
    --------
    >>> spike_differential([1, 1, 9, 1, 1, np.nan], 3, 5)
    array([2, 1, 4, 1, 2, 9], dtype=uint8)
    """
    return without_missing(graded(heights_over_both(values), suspect, fail), values)
