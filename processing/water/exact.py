"""Computed values of the water rounded to official decimals: once, half to even, never away to zero.

Floats show the way; where one lies so close to a tie that its error could matter, the fraction behind it decides.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.water.ratios import fraction, near_tie

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray


def rounded(nearly: ArrayLike, places: int, exactly: Callable[[int], Fraction]) -> NDArray[np.float64]:
    """Values rounded by the rules of the water.

    Parameters
    ----------
    nearly : array_like of float, any shape
        The values, up to some ulp. NaN and infinite values stay.
    places : int
        Decimals to keep. [-]
    exactly : callable
        The value of a flat index; asked only where `nearly` cannot decide.

    Returns
    -------
    ndarray of float64, shape of `nearly`

    References
    ----------
    .. [1] GB/T 8170—2008, 3.2; 总站水字〔2018〕87号: what would become zero keeps one significant digit.

    Examples
    --------
    >>> exact = [Fraction(1, 8), Fraction(3, 8), Fraction(1, 3000)]
    >>> rounded([float(value) for value in exact], 2, lambda index: exact[index])
    array([1.2e-01, 3.8e-01, 3.0e-04])
    """
    nearly = np.asarray(nearly, dtype=np.float64)
    with np.errstate(over="ignore"):
        scaled = nearly * 10.0**places
    found = np.rint(scaled)
    unsure = (near_tie(scaled) | (found == 0)) & np.isfinite(nearly)
    flat = (found / 10.0**places).reshape(-1)
    for index in np.flatnonzero(unsure).tolist():
        flat[index] = float(official(exactly(index), places))
    return np.where(np.isfinite(nearly), flat.reshape(nearly.shape), nearly)


def official(value: Fraction, places: int) -> Fraction:
    """A value rounded by the rules of the water.

    Parameters
    ----------
    value : Fraction
    places : int
        Decimals to keep. [-]

    Examples
    --------
    >>> official(Fraction(1, 8), 2), official(Fraction(-1, 3000), 2), official(Fraction(0), 2)
    (Fraction(3, 25), Fraction(-3, 10000), Fraction(0, 1))
    """
    whole = round(value * Fraction(10) ** places)
    if value and not whole:
        while abs(value) * Fraction(10) ** places < 1:
            places += 1
        whole = round(value * Fraction(10) ** places)
    return whole / Fraction(10) ** places


def rounded_decimals(values: ArrayLike, places: int) -> NDArray[np.float64]:
    """Decimals rounded by the rules of the water: `rounding.round_water` of many values.

    Parameters
    ----------
    values : array_like of float, any shape
        Taken as the decimals that ``repr`` prints. NaN and infinite values stay.
    places : int
        Decimals to keep. [-]

    Returns
    -------
    ndarray of float64, shape of `values`

    Examples
    --------
    >>> rounded_decimals([0.0345, 0.0005, 0.0006, 2.6, np.nan], 3)
    array([3.4e-02, 5.0e-04, 1.0e-03, 2.6e+00, nan])
    """
    values = np.asarray(values, dtype=np.float64)
    flat = values.reshape(-1)
    return rounded(values, places, lambda index: fraction(flat[index]))
