"""Rounding by GB/T 8170 (数值修约, half to even), exactly, once; and truncation, where a rule drops digits.

A tie is a tie of the decimal text: 2.675 to two places is one, though its float64 lies below it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)
"""Wide enough for every float64 with as many places as asked for."""

_LARGEST_TOTAL = 2**52


def round_half_even(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Values rounded half to even.

    Parameters
    ----------
    values : array_like of float, any shape
        Taken as the decimals that ``repr`` prints.
    decimals : int
        Places to keep. [-]

    Returns
    -------
    ndarray of float64, shape of `values`
        NaN stays NaN.

    References
    ----------
    .. [1] GB/T 8170—2008, 3.2.

    Examples
    --------
    >>> round_half_even([0.225, 2.675, 1.05, 1.0501, np.nan], 2)
    array([0.22, 2.68, 1.05, 1.05,  nan])
    >>> round_half_even(60.5, 0)
    array(60.)
    """
    values = np.asarray(values, dtype=np.float64)
    whole, unsure = _scaled(values, decimals)
    rounded = np.asarray(whole / 10.0**decimals)
    rounded[unsure] = [float(_quantized(_decimal(value), decimals)) for value in values[unsure].tolist()]
    return rounded


def scaled_half_even(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Values times ``10**decimals``, rounded half to even to whole numbers.

    Parameters
    ----------
    values : array_like of float, any shape
        Taken as the decimals that ``repr`` prints.
    decimals : int
        Places to keep. [-]

    Returns
    -------
    ndarray of float64, shape of `values`
        Whole numbers; NaN stays NaN.

    Examples
    --------
    >>> scaled_half_even([0.25, 0.35, 0.3501], 1)
    array([2., 4., 4.])
    """
    values = np.asarray(values, dtype=np.float64)
    whole, unsure = _scaled(values, decimals)
    exact = (_quantized(_decimal(value), decimals).scaleb(decimals, _EXACT) for value in values[unsure].tolist())
    whole[unsure] = [float(value) for value in exact]
    return whole


def scaled_truncated(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Values times ``10**decimals``, truncated to whole numbers.

    Parameters
    ----------
    values : array_like of float, any shape
        Taken as the decimals that ``repr`` prints.
    decimals : int
        Places to keep. [-]

    Returns
    -------
    ndarray of float64, shape of `values`
        Whole numbers, towards zero; NaN and infinities stay what they are.

    Notes
    -----
    Exact below 2⁵³: a whole number divided by a power of ten is the float64 of that decimal, so that comparing the
    value with it decides where a product came out on the wrong side, as 0.29 × 100 = 28.999… does.

    Examples
    --------
    >>> scaled_truncated([0.07853333, 0.29, -0.018, np.nan], 2)
    array([ 7., 29., -1., nan])
    >>> scaled_truncated([35.4, 9.099], 1)
    array([354.,  90.])
    """
    values = np.asarray(values, dtype=np.float64)
    size, power = np.abs(values), 10.0**decimals
    with np.errstate(over="ignore"):
        whole = np.floor(size * power)
    whole = np.where(size >= (whole + 1) / power, whole + 1, whole)
    whole = np.where(size < whole / power, whole - 1, whole)
    return np.asarray(np.copysign(np.where(np.isinf(size), size, whole), values))


def divide_half_even(total: ArrayLike, count: ArrayLike) -> NDArray[np.int64]:
    """Quotients of whole numbers, rounded half to even.

    Parameters
    ----------
    total : array_like of int, any shape
        Smaller than 2⁵² in size.
    count : array_like of int, broadcastable with `total`
        At least 1: where nothing was counted the caller decides what is missing.

    Returns
    -------
    ndarray of int64, the broadcast shape

    Raises
    ------
    ValueError
        A count below 1, or a total of 2⁵² or more.

    Notes
    -----
    Exact in float64: a tie is representable, division is rounded correctly, and a quotient that is no tie is farther
    from one than half an ulp as long as the total is below 2⁵².

    Examples
    --------
    >>> divide_half_even([5, 7, 8, -5], [2, 2, 3, 2])
    array([ 2,  4,  3, -2])
    """
    total, count = np.asarray(total), np.asarray(count)
    if count.size and count.min() < 1:
        msg = f"a count has the value {count.min()}; it must be 1 or more, mask what is missing before"
        raise ValueError(msg)
    if total.size and max(-int(total.min()), int(total.max())) >= _LARGEST_TOTAL:
        msg = "a total has 2**52 or more; below that the quotient is exact, sum in parts"
        raise ValueError(msg)
    return np.asarray(np.rint(total / count)).astype(np.int64)


def round_water(value: Decimal | str, places: int) -> Decimal:
    """Value of a water parameter as it is displayed: half to even, but never rounded away to zero.

    Parameters
    ----------
    value : Decimal or str
        The text of the value: a binary float has lost where its ties were.
    places : int
        Decimals of the parameter. [-]

    Returns
    -------
    Decimal
        With `places` decimals; one significant digit where that would be zero; a plain 0 for zero.

    Raises
    ------
    ValueError
        The value is not a finite number.

    Notes
    -----
    For display only: values are judged and answered as they were sent. The page rounds by this rule
    (api/static/numbers.js) and is tested against this function, as are the values of the national release platform.

    References
    ----------
    .. [1] 《国家地表水环境质量监测数据修约处理规则（试行）》 总站水字〔2018〕87号; 总站水字〔2020〕90号.

    Examples
    --------
    >>> [str(round_water(text, 3)) for text in ("0.0345", "0.0005", "0.0006", "2.6")]
    ['0.034', '0.0005', '0.001', '2.600']
    """
    exact = Decimal(value)
    if not exact.is_finite():
        msg = f"the value has {value!s}; only a finite number can be rounded"
        raise ValueError(msg)
    if not exact:
        return Decimal(0)
    return _quantized(exact, places) or _quantized(exact, -exact.adjusted())


def _quantized(exact: Decimal, places: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _scaled(values: NDArray[np.float64], decimals: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values times a power of ten, rounded, and where the error of that product (some ulp) could matter."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * 10.0**decimals
        from_tie = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5)
        unsure = ~(from_tie > 4 * np.finfo(np.float64).eps * np.abs(scaled)) & np.isfinite(values)
    return np.asarray(np.rint(scaled) + 0.0), np.asarray(unsure)  # adding zero turns -0.0 into 0.0
