"""Concentrations as scaled integers: uint16 in the unit's last official decimal, 65535 where there is none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.rounding import divide_half_even, scaled_half_even

MISSING = 65535
"""The scaled integer that says there is no value."""

LARGEST = MISSING - 1
"""Values above the range are held as this: far beyond the end of every table."""

Scaled = NDArray[np.uint16]


def to_scaled(values: ArrayLike, decimals: int) -> Scaled:
    """Values as whole multiples of their last official decimal, rounded by GB/T 8170.

    Parameters
    ----------
    values : array_like of float, any shape
        NaN where missing.
    decimals : int
        Official decimals of the item. [-]

    Returns
    -------
    ndarray of uint16, shape of `values`
        65535 where the value is missing or rounds to less than zero, which no concentration is.

    References
    ----------
    .. [1] HJ 663—2013, 6.3: hourly concentrations are rounded before they are used.

    Examples
    --------
    >>> to_scaled([60.5, 61.5, np.nan, -3.0, 1e9], 0)
    array([   60,    62, 65535, 65535, 65534], dtype=uint16)
    >>> to_scaled(0.65, 1)
    array(6, dtype=uint16)
    """
    whole = scaled_half_even(values, decimals)
    counted = np.where(whole >= 0, np.minimum(whole, LARGEST), MISSING)
    return np.asarray(counted).astype(np.uint16)


def from_scaled(scaled: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Values of scaled integers.

    Parameters
    ----------
    scaled : array_like of uint16, any shape
    decimals : int
        Official decimals of the item. [-]

    Returns
    -------
    ndarray of float64, shape of `scaled`
        NaN where missing.

    Examples
    --------
    >>> from_scaled(np.array([6, 65535], dtype=np.uint16), 1)
    array([0.6, nan])
    """
    scaled = np.asarray(scaled)
    return np.asarray(np.where(scaled == MISSING, np.nan, scaled / 10.0**decimals))


def mean_of_sums(total: ArrayLike, count: ArrayLike, *, valid: ArrayLike) -> Scaled:
    """Means of concentrations that were summed exactly, rounded once by GB/T 8170.

    Parameters
    ----------
    total : array_like of int, shape (...)
        [scaled]
    count : array_like of int, shape (...)
        How many values were summed. [-]
    valid : array_like of bool, shape (...)
        Where they are as many as a mean needs: 1 at least.

    Returns
    -------
    ndarray of uint16, shape (...)
        [scaled] Missing where it is not valid.

    Examples
    --------
    >>> mean_of_sums([61, 61, 0], [2, 2, 0], valid=[True, False, False])
    array([   30, 65535, 65535], dtype=uint16)
    """
    mean = divide_half_even(total, np.maximum(count, 1))
    return np.asarray(np.where(valid, mean, MISSING)).astype(np.uint16)
