"""Constant values (恒值, CF): the same value period after period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import SUSPECT
from qingchuan.processing.quality.series import line, marked, seconds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def repeats(values: ArrayLike, times: ArrayLike, period: int) -> NDArray[np.int64]:
    """In how many further periods the run of equal values that each value belongs to went on.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        As sent. NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    period : int
        A run ends where the next value comes later than this. [s]

    Returns
    -------
    ndarray of int64, shape (..., time) or (1,)
        [-] 0 for a value unlike the ones before and after, and where it is missing.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values.

    Examples
    --------
    >>> repeats([7.1, 7.1, 7.1, 7.2, 7.2], [0, 3600, 7200, 10800, 18000], 3600)
    array([2, 2, 2, 0, 0])
    """
    told = line(values)
    when = seconds(times, told)
    there = np.isfinite(told)
    goes_on = _goes_on(told, there, when, period)
    # Runs are numbered through all series: each starts at a value that does not go on from the one before.
    run = np.cumsum((there & ~goes_on).ravel())
    further = np.bincount(run, weights=goes_on.ravel(), minlength=1).astype(np.int64)
    return np.where(there, further[run].reshape(told.shape), 0)


def constant(values: ArrayLike, times: ArrayLike, period: int, further: int) -> NDArray[np.uint8]:
    """Flags of values that stayed the same in further periods.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        As sent. NaN where missing.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    period : int
        Cycle of the item; a gap longer than this starts the count anew, a shorter one does not. [s]
    further : int
        In so many further periods the value must not be the same. [-]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 3 suspect, 9 missing.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values; `further` is below 1.

    Notes
    -----
    A run is flagged whole, its first value too: which of them was still true cannot be told. `flat_line` flags from
    the moment on at which it can be known.

    References
    ----------
    .. [1] Automatic audit of water stations as one vendor does it: the same value for at least 3 further periods of 1 h
       or 4 h (CF).

    Examples
    --------
    >>> constant([7.1, 7.1, 7.1, 7.1, 7.2, np.nan], 3600 * np.arange(6), 3600, 3)
    array([3, 3, 3, 3, 1, 9], dtype=uint8)
    """
    if further < 1:
        msg = f"the number of further periods has the value {further}; it must be 1 or more"
        raise ValueError(msg)
    return marked(values, (repeats(values, times, period) >= further).reshape(np.shape(values)), SUSPECT)


def _goes_on(
    told: NDArray[np.float64], there: NDArray[np.bool_], when: NDArray[np.int64], period: int
) -> NDArray[np.bool_]:
    """Whether a value equals the latest one before it, which is not older than a period."""
    latest = np.maximum.accumulate(np.where(there, np.arange(told.shape[-1]), -1), axis=-1)
    before = latest[..., :-1]
    held = np.take_along_axis(told, np.maximum(before, 0), axis=-1)
    goes_on = np.zeros(told.shape, dtype=np.bool_)
    young = when[1:] - when[np.maximum(before, 0)] <= period
    goes_on[..., 1:] = (before >= 0) & young & (told[..., 1:] == held)
    return goes_on
