"""Competition ranks (1, 1, 3): who shares a value shares a rank, and the next one counts all before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

UNRANKED = 0
"""The rank of what has none."""


def competition_ranks_ascending(values: ArrayLike, ranked: ArrayLike) -> NDArray[np.int32]:
    """Ranks along the last axis, of which the smallest value has the first.

    Parameters
    ----------
    values : array_like of int, shape (..., n)
        Whole numbers, such as hundredths of an index: a tie is a tie of the published figure.
    ranked : array_like of bool, broadcastable with `values`
        Which of them take part; the others are missing.

    Returns
    -------
    ndarray of int32, the broadcast shape
        1 … n, and 0 where there is no rank; one value without an axis is a list of one. [-]

    Raises
    ------
    TypeError
        The values are no whole numbers.

    Examples
    --------
    >>> competition_ranks_ascending([402, 311, 311, -1], [True, True, True, False])
    array([3, 1, 1, 0], dtype=int32)
    """
    whole, ranked = np.broadcast_arrays(whole_numbers(values), np.asarray(ranked, dtype=np.bool_))
    shape = whole.shape
    whole, ranked = np.atleast_1d(whole), np.atleast_1d(ranked)
    order = np.lexsort((whole, ~ranked), axis=-1)
    ordered = np.take_along_axis(whole, order, axis=-1)
    first = np.ones(ordered.shape, dtype=np.bool_)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    places = np.arange(1, ordered.shape[-1] + 1, dtype=np.int32)
    ranks = np.empty(ordered.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.maximum.accumulate(np.where(first, places, 0), axis=-1), axis=-1)
    return np.where(ranked, ranks, np.int32(UNRANKED)).reshape(shape)


def competition_ranks_descending(values: ArrayLike, ranked: ArrayLike) -> NDArray[np.int32]:
    """Ranks along the last axis, of which the largest value has the first.

    Parameters
    ----------
    values : array_like of int, shape (..., n)
        Whole numbers, such as tenths of a percent.
    ranked : array_like of bool, broadcastable with `values`
        Which of them take part; the others are missing.

    Returns
    -------
    ndarray of int32, the broadcast shape
        1 … n, and 0 where there is no rank; one value without an axis is a list of one. [-]

    Raises
    ------
    TypeError
        The values are no whole numbers.

    Examples
    --------
    >>> competition_ranks_descending([868, 901, 901, -1], [True, True, True, False])
    array([3, 1, 1, 0], dtype=int32)
    """
    # ~x = −x − 1 turns the order, and never overflows.
    return competition_ranks_ascending(~whole_numbers(values), ranked)


def whole_numbers(values: ArrayLike) -> NDArray[np.integer]:
    """Figures as they are, where they are whole numbers: 4.02 and 4.03 would tie, were they cut to 4.

    Parameters
    ----------
    values : array_like of int, any shape
        In units of the last decimal of the figure.

    Returns
    -------
    ndarray of int, shape of `values`

    Raises
    ------
    TypeError
        The values are no whole numbers.

    Examples
    --------
    >>> whole_numbers([402, 403])
    array([402, 403])
    """
    array = np.asarray(values)
    if not array.size:
        return array.astype(np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        msg = f"the values have the type {array.dtype}; ranks need whole numbers, such as hundredths of the figure"
        raise TypeError(msg)
    return array
