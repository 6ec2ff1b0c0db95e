"""Computed ratios in whole units of their last decimal, exact at every tie."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

_NEAR = 1e-9
"""How near a tie a float cannot be trusted, relative to it; its error is some ulp, thousands of times less."""

_LARGEST = 2.0**62


def whole_half_even(
    nearly: ArrayLike, decimals: int, exactly: Callable[[tuple[int, ...]], Fraction]
) -> NDArray[np.int64]:
    """Values times ``10**decimals``, rounded half to even.

    Parameters
    ----------
    nearly : array_like of float, any shape
        The values, up to some ulp. NaN where there is none.
    decimals : int
        Places to keep. [-]
    exactly : callable
        The value at an index; asked only where `nearly` lies too close to a tie.

    Returns
    -------
    ndarray of int64, shape of `nearly`
        0 where there is none: the caller knows which these are.

    Raises
    ------
    ValueError
        A value is infinite, or has no place in 63 bits.

    References
    ----------
    .. [1] GB/T 8170—2008, 3.2.

    Examples
    --------
    >>> exact = [Fraction(1, 8), Fraction(3, 8), Fraction(1, 3)]
    >>> whole_half_even([float(value) for value in exact], 2, lambda index: exact[index[0]])
    array([12, 38, 33])
    """
    with np.errstate(over="ignore"):
        scaled = np.asarray(nearly, dtype=np.float64) * 10.0**decimals
    known = ~np.isnan(scaled)
    scaled = np.where(known, scaled, 0.0)
    if (np.abs(scaled) > _LARGEST).any():
        raise ValueError(f"a value has {np.abs(scaled).max():.3g} units of its last decimal; at most 2**62 fit")
    whole = np.asarray(np.rint(scaled)).astype(np.int64)
    for index in np.argwhere(known & near_tie(scaled)).tolist():
        whole[tuple(index)] = round(exactly(tuple(index)) * 10**decimals)
    return whole


def near_tie(scaled: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where values in units of their last decimal lie too close to a tie for a float to decide.

    Parameters
    ----------
    scaled : ndarray of float64, any shape

    Returns
    -------
    ndarray of bool, shape of `scaled`
        True also where the value is so large that its units have no fractions left, or is no number.

    Examples
    --------
    >>> near_tie(np.array([12.5, 12.5 + 1e-12, 12.6, np.nan]))
    array([ True,  True, False,  True])
    """
    with np.errstate(invalid="ignore"):
        from_tie = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5)
    return np.asarray(~(from_tie > _NEAR * np.maximum(np.abs(scaled), 1.0)))


def fraction(value: float) -> Fraction:
    """A float as the fraction of the decimal that ``repr`` prints.

    Examples
    --------
    >>> fraction(0.1)
    Fraction(1, 10)
    """
    return Fraction(repr(float(value)))


def percent_change(earlier: ArrayLike, later: ArrayLike, decimals: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Change in percent of the earlier value, in whole units of its last decimal, and where there is one.

    Parameters
    ----------
    earlier, later : array_like of float, broadcastable
        Taken as the decimals that ``repr`` prints. [same unit] NaN where missing.
    decimals : int
        Of the change. [-]

    Returns
    -------
    change : ndarray of int64, the broadcast shape
        With two decimals −51.16 % is −5116; 0 where there is none.
    known : ndarray of bool, the broadcast shape
        False where a value is missing or infinite, or the earlier one is not above 0.

    Raises
    ------
    ValueError
        A change has no place in 63 bits.

    Examples
    --------
    >>> percent_change([3.0, 0.0], [3.15, 1.0], 1)
    (array([50,  0]), array([ True, False]))
    """
    before, after = np.broadcast_arrays(np.asarray(earlier, dtype=np.float64), np.asarray(later, dtype=np.float64))
    known = np.asarray(np.isfinite(before) & np.isfinite(after) & (before > 0))
    safe = np.where(known, before, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        nearly = np.where(known, 100.0 * (after / safe) - 100.0, np.nan)
    known &= np.isfinite(nearly)

    def exactly(index: tuple[int, ...]) -> Fraction:
        return 100 * (fraction(after[index]) / fraction(before[index]) - 1)

    return whole_half_even(nearly, decimals, exactly), known
