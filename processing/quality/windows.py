"""Sums, maxima and minima over windows of any length, without a loop over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_T = TypeVar("_T", np.float64, np.int64)


def over_windows(
    values: NDArray[_T], start: NDArray[np.int64], stop: NDArray[np.int64], combine: np.ufunc, empty: float
) -> NDArray[_T]:
    """What an operation makes of each window ``values[..., start[i]:stop[i]]``.

    Parameters
    ----------
    values : ndarray of float64 or int64, shape (..., time)
    start, stop : ndarray of int64, shape (windows,)
        Indices within the time axis; ``start[i] <= stop[i]``.
    combine : numpy.ufunc
        Of two operands, associative: `numpy.maximum`, `numpy.minimum`, `numpy.add`.
    empty : float
        What it makes of nothing.

    Returns
    -------
    ndarray of the type of `values`, shape (..., windows)

    Notes
    -----
    A window is put together from blocks of 1, 2, 4, … values, one for each binary digit of its length. A sum only ever
    contains what lies in its window, so that a huge value spoils no other window, as it would with running totals.

    Examples
    --------
    >>> over_windows(np.array([3.0, 1.0, 2.0]), np.array([0, 0, 1]), np.array([0, 2, 3]), np.add, 0)
    array([0., 4., 3.])
    """
    length = stop - start
    at = start.copy()
    made = np.full((*values.shape[:-1], start.size), empty, dtype=values.dtype)
    blocks, size = values, 1
    while size <= length.max(initial=0):
        chosen = np.flatnonzero(length & size)
        made[..., chosen] = combine(made[..., chosen], blocks[..., at[chosen]])
        at[chosen] += size
        blocks = combine(blocks[..., :-size], blocks[..., size:])
        size *= 2
    return made
