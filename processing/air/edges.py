"""Edges of rounding: the largest and the smallest total whose mean, rounded half to even, still meets a target."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def largest_total(count: ArrayLike, target: ArrayLike) -> NDArray[np.int64]:
    """Largest total whose mean rounds to the target or less: the inverse of `rounding.divide_half_even`.

    Parameters
    ----------
    count : array_like of int, any shape
        Of how many values, 1 or more.
    target : array_like of int, broadcastable with `count`
        Below 2⁵² over the largest count in size.

    Returns
    -------
    ndarray of int64, the broadcast shape

    Notes
    -----
    The mean must be below target + ½, or be that where the target is even: a tie rounds to it.

    References
    ----------
    .. [1] GB/T 8170—2008, 3.2.

    Examples
    --------
    >>> largest_total([2, 2, 24], [34, 35, 60])
    array([  69,   70, 1452])
    """
    count, target = np.asarray(count, np.int64), np.asarray(target, np.int64)
    twice = (2 * target + 1) * count
    return np.asarray(np.where(target % 2 == 0, twice // 2, -(-twice // 2) - 1))


def smallest_total(count: ArrayLike, target: ArrayLike) -> NDArray[np.int64]:
    """Smallest total whose mean rounds to the target or more.

    Parameters
    ----------
    count, target
        As `largest_total` has them.

    Returns
    -------
    ndarray of int64, the broadcast shape
        Below 0 where the target is 0.

    References
    ----------
    .. [1] GB/T 8170—2008, 3.2.

    Examples
    --------
    >>> smallest_total([2, 2], [34, 35])
    array([67, 70])
    """
    return -largest_total(count, -np.asarray(target, np.int64))


def cut(exact: Fraction, decimals: int) -> float:
    """A bound cut to so many decimals: what is shown is never more than what is allowed.

    Examples
    --------
    >>> cut(Fraction(2157, 65), 1), cut(Fraction(33), 1)
    (33.1, 33.0)
    """
    scale = 10**decimals
    return float(Fraction(int(exact * scale), scale))
