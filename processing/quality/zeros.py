"""Zeros and negative values: what an instrument tells where it has nothing to tell, or has drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import BAD, GOOD, SUSPECT
from qingchuan.processing.quality.series import marked, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def zero(values: ArrayLike, flag: int) -> NDArray[np.uint8]:
    """Flags of values that are exactly zero (零值, ZF).

    Parameters
    ----------
    values : array_like of float, any shape
        As sent. [unit of the item] NaN where missing.
    flag : int
        What a zero gets: 3 or 4.

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, `flag` for a zero, 9 missing.

    References
    ----------
    .. [1] Automatic audit of water stations as one vendor does it: pH = 0 is not valid (ZF).

    Examples
    --------
    >>> zero([0.0, -0.0, 0.01, np.nan], SUSPECT)
    array([3, 3, 1, 9], dtype=uint8)
    """
    return marked(values, np.asarray(values, dtype=np.float64) == 0, flag)


def negative(values: ArrayLike, drift: float) -> NDArray[np.uint8]:
    """Flags of values below zero.

    Parameters
    ----------
    values : array_like of float, any shape
        [unit of the item] NaN where missing.
    drift : float
        How far below zero the zero of an instrument may drift. [unit of the item]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good; 3 below zero, within the drift; 4 farther below; 9 missing. The value itself is kept.

    Examples
    --------
    >>> negative([0.0, -0.1, -2.0, -2.1, np.nan], 2)
    array([1, 3, 3, 4, 9], dtype=uint8)
    """
    values = np.asarray(values, dtype=np.float64)
    flags = np.full(values.shape, GOOD, dtype=np.uint8)
    flags[values < 0] = SUSPECT
    flags[values < -drift] = BAD
    return without_missing(flags, values)
