"""Flat line: values that stay within a tolerance for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from qingchuan.processing.flags import BAD, GOOD, SUSPECT
from qingchuan.processing.quality.series import line, seconds, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_FEWEST = 3
"""In fewer values no interval of time can be told from chance, as ioos_qc has it."""


def flat_line(
    values: ArrayLike, times: ArrayLike, suspect: float, fail: float, tolerance: float, present: int
) -> NDArray[np.uint8]:
    """Flags of values by how long they and those before stayed within a tolerance.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC] Their median distance makes numbers of values of the two lengths.
    suspect, fail : float
        How long the line may be flat; infinite where the test does not set the flag. [s]
    tolerance : float
        A line is flat whose largest and smallest value differ by *less*, so that 0 flags nothing. [unit of the item]
    present : int
        Share of the values of the line that must be there. [%] With 0 the value alone may be a line.

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 3 suspect, 4 bad, 9 missing. Of fewer than three moments all values that are there pass.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.flat_line_test`` where `present` is 0: missing values are passed over, and a value
    behind a gap as long as the line stands alone and is called flat. That is a known fault of it (its issue 68), which
    a larger share avoids. Two more things are otherwise: of one or two values a missing one is 9 (1 there), and a
    length shorter than the distance of the values flags none (all there).

    A line of length d at a distance of Δ has ``1 + floor(d / Δ)`` values, the judged one last.

    References
    ----------
    .. [1] QARTOD, test 8: flat line.

    Examples
    --------
    >>> hours = 3600 * np.arange(7)
    >>> flat_line([5, 5, 5, 5, 5, 6, np.nan], hours, 7200, 14400, 0.1, 100)
    array([1, 1, 3, 3, 4, 1, 9], dtype=uint8)
    """
    told = line(values)
    flags = np.full(told.shape, GOOD, dtype=np.uint8)
    for length, flag in ((suspect, SUSPECT), (fail, BAD)):
        count = steps(times, told, length)
        if 1 <= count < told.shape[-1]:
            spans, share = spans_of(told, count)
            flags[(spans < tolerance) & (100 * share >= present * (count + 1))] = flag
    return without_missing(flags, values)


def steps(times: ArrayLike, values: NDArray[np.float64], length: float) -> int:
    """How many distances between values a length of time holds.

    Parameters
    ----------
    times : array_like of int or datetime64, shape (time,)
    values : ndarray of float64, shape (..., time)
    length : float
        [s]

    Returns
    -------
    int
        [-] 0 where the length is shorter than the median distance, infinite, or there are fewer than three moments.

    Examples
    --------
    >>> steps([0, 3600, 7200], np.zeros(3), 7300.0)
    2
    """
    when = seconds(times, values)
    if when.size < _FEWEST or not np.isfinite(length):
        return 0
    return int(length) // int(np.median(np.diff(when)))


def spans_of(values: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Difference of the largest and the smallest among each value and those before it.

    Parameters
    ----------
    values : ndarray of float64, shape (..., time)
        NaN where missing.
    count : int
        How many before it.

    Returns
    -------
    spans : ndarray of float64, shape (..., time)
        [unit of `values`] Infinite where there are not as many before it, or none of them has a value.
    told : ndarray of int64, shape (..., time)
        How many of them have a value. [-]

    Examples
    --------
    >>> spans_of(np.array([1.0, np.nan, 4.0, 2.0]), 2)
    (array([inf, inf,  3.,  2.]), array([0, 0, 2, 2]))
    """
    there = np.isfinite(values)
    spans, told = np.full(values.shape, np.inf), np.zeros(values.shape, dtype=np.int64)
    if count < values.shape[-1] and values.size:
        # With this origin the window of each value ends at it; what the mode puts before the first one is cut off.
        size, origin = count + 1, count // 2
        largest = maximum_filter1d(np.where(there, values, -np.inf), size, origin=origin, mode="nearest")[..., count:]
        smallest = minimum_filter1d(np.where(there, values, np.inf), size, origin=origin, mode="nearest")[..., count:]
        with np.errstate(over="ignore"):
            spans[..., count:] = np.abs(largest - smallest)
        total = np.cumsum(there, axis=-1)
        told[..., count:] = total[..., count:]
        told[..., count + 1 :] -= total[..., : -count - 1]
    return spans, told
