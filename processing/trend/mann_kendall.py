"""The Mann–Kendall test of a trend, also by seasons, and the slope of Sen: for many series at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from qingchuan.processing.trend.direction import direction, series

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_SERIES = 128
"""So many series at a time: what a block needs stays in the cache."""

_SLOPES = 2**22
"""At most so many slopes at a time, where a series is long."""


class MannKendall(NamedTuple):
    """Trends by the Mann–Kendall test, with the slope of Sen; every array has the shape (...).

    Attributes
    ----------
    trend : ndarray of uint8
        1 rising, 2 falling, 3 without a significant trend; 0 where there is nothing to compare.
    h : ndarray of bool
        Whether the trend is significant.
    p : ndarray of float64
        Probability of a statistic as large as this without a trend, two-sided. [-] NaN where there is nothing to
        compare, as in all that follow.
    z : ndarray of float64
        Normalised statistic. [-]
    tau : ndarray of float64
        Kendall's tau. [-]
    s, var_s : ndarray of float64
        Pairs that rise less pairs that fall, and its variance, corrected for ties. [-]
    slope : ndarray of float64
        Median of the slopes of all pairs. [unit of the values a year, or a step where there are no seasons]
    intercept : ndarray of float64
        Of the line through the medians. [unit of the values]
    """

    trend: NDArray[np.uint8]
    h: NDArray[np.bool_]
    p: NDArray[np.float64]
    z: NDArray[np.float64]
    tau: NDArray[np.float64]
    s: NDArray[np.float64]
    var_s: NDArray[np.float64]
    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]


class SenSlope(NamedTuple):
    """Slopes of Sen; both arrays have the shape (...).

    Attributes
    ----------
    slope : ndarray of float64
        Median of the slopes of all pairs. [unit of the values a year, or a step where there are no seasons] NaN where
        there is no pair.
    intercept : ndarray of float64
        Of the line through the medians. [unit of the values]
    """

    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]


class _Sums(NamedTuple):
    """What a block of series comes to, each of shape (series,)."""

    s: NDArray[np.float64]
    var_s: NDArray[np.float64]
    pairs: NDArray[np.float64]
    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]


def seasonal_mann_kendall(values: ArrayLike, period: int, alpha: float) -> MannKendall:
    """Trends of series with seasons, by the seasonal Mann–Kendall test.

    Parameters
    ----------
    values : array_like of float, shape (..., steps)
        In order of time, such as months. NaN or infinite where missing. A last year that is not whole is filled up.
    period : int
        Steps of a year: 12 of months. [-]
    alpha : float
        Significance of the two-sided test. [-]

    Returns
    -------
    MannKendall
        NaN, False and 0 where no season has two values.

    Raises
    ------
    ValueError
        A single value without an axis of steps, a period below 1, or an alpha not between 0 and 1.

    Notes
    -----
    Only values of the same season are compared. S and its variance are summed over the seasons, z is
    (S ∓ 1) / √Var(S), and the slope the median of (x_j − x_i) / (j − i) over all pairs of all seasons [1]_. Seasons are
    taken as independent. Ties are taken off the variance: with t values equal to a value, itself among them, the sum of
    (t − 1)(2t + 5) over the values is that of t(t − 1)(2t + 5) over the groups.

    References
    ----------
    .. [1] Hirsch, R. M., Slack, J. R. and Smith, R. A. (1982), Techniques of trend analysis for monthly water quality
       data, Water Resour. Res. 18(1), 107–121, doi:10.1029/WR018i001p00107.
    .. [2] Sen, P. K. (1968), Estimates of the regression coefficient based on Kendall's tau, J. Am. Stat. Assoc.
       63(324), 1379–1389, doi:10.1080/01621459.1968.10480934.

    Examples
    --------
    >>> months = np.tile([2.0, 5.0, 3.0], 8) - np.repeat(np.arange(8), 3) / 8
    >>> found = seasonal_mann_kendall(months, 3, 0.05)
    >>> found.trend, found.slope, found.s
    (array(2, dtype=uint8), array(-0.125), array(-84.))
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha has {alpha}; a significance between 0 and 1 would do, such as 0.05")
    sums = _sums(values, period)
    there = sums.pairs > 0
    z = _divided(sums.s - np.sign(sums.s), np.sqrt(sums.var_s))
    z = np.where(there & (sums.s == 0), 0.0, z)
    h = np.abs(z) > ndtri(1 - alpha / 2)
    return MannKendall(
        trend=direction(z, h, there),
        h=np.asarray(h),
        p=np.asarray(2 * ndtr(-np.abs(z))),
        z=z,
        tau=_divided(sums.s, sums.pairs),
        s=np.where(there, sums.s, np.nan),
        var_s=np.where(there, sums.var_s, np.nan),
        slope=sums.slope,
        intercept=sums.intercept,
    )


def mann_kendall(values: ArrayLike, alpha: float) -> MannKendall:
    """Trends of series without seasons, by the Mann–Kendall test.

    Parameters
    ----------
    values : array_like of float, shape (..., steps)
        In order of time, such as years. NaN or infinite where missing.
    alpha : float
        Significance of the two-sided test. [-]

    Returns
    -------
    MannKendall
        NaN, False and 0 where there are not two values.

    Raises
    ------
    ValueError
        A single value without an axis of steps, or an alpha not between 0 and 1.

    Notes
    -----
    The seasonal test with one season. A missing value still takes its place in time.

    References
    ----------
    .. [1] Mann, H. B. (1945), Nonparametric tests against trend, Econometrica 13(3), 245–259, doi:10.2307/1907187.

    Examples
    --------
    >>> found = mann_kendall([[1, 2, 3, 4, 5, 6], [3, np.nan, 1, 3, 2, 2]], 0.05)
    >>> found.trend, found.s, found.slope
    (array([1, 3], dtype=uint8), array([15., -2.]), array([ 1. , -0.1]))
    """
    return seasonal_mann_kendall(values, 1, alpha)


def sen_slope(values: ArrayLike, period: int) -> SenSlope:
    """Slopes of Sen of series, and the intercepts of their lines.

    Parameters
    ----------
    values : array_like of float, shape (..., steps)
        In order of time. NaN or infinite where missing.
    period : int
        Steps of a year, of which only the same are compared; 1 without seasons. [-]

    Returns
    -------
    SenSlope
        NaN where no season has two values.

    Raises
    ------
    ValueError
        A single value without an axis of steps, or a period below 1.

    References
    ----------
    .. [1] Sen, P. K. (1968), J. Am. Stat. Assoc. 63(324), 1379–1389, doi:10.1080/01621459.1968.10480934; the intercept
       of Conover, W. J. (1980), Practical nonparametric statistics.

    Examples
    --------
    >>> sen_slope([1.0, 3.0, 4.0, 7.0], 1)
    SenSlope(slope=array(2.), intercept=array(0.5))
    """
    sums = _sums(values, period)
    return SenSlope(sums.slope, sums.intercept)


def _sums(values: ArrayLike, period: int) -> _Sums:
    if period < 1:
        raise ValueError(f"the period has {period} steps; 1 or more would do, such as 12 for months")
    values = series(values)
    shape, steps = values.shape[:-1], values.shape[-1]
    years = -(-steps // period)
    whole = np.full((int(np.prod(shape)), years * period), np.nan)
    whole[:, :steps] = values.reshape(-1, steps) if steps else 0
    length = max(1, min(_SERIES, _SLOPES // max(1, years * (years - 1) // 2 * period)))
    blocks = [_block(whole[at : at + length], period) for at in range(0, len(whole), length)]
    parts = zip(*blocks, strict=True) if blocks else [[np.empty(0)]] * len(_Sums._fields)
    return _Sums(*(np.concatenate(part).reshape(shape) for part in parts))


def _block(values: NDArray[np.float64], period: int) -> _Sums:
    """What a block of series comes to; `values` of shape (series, years × period)."""
    tied, slopes = _pairs(values, period)
    s = np.count_nonzero(slopes > 0, axis=1) - np.count_nonzero(slopes < 0, axis=1)
    there = np.isfinite(values)
    count = there.reshape(len(values), -1, period).sum(axis=1, dtype=np.int64)
    ties = ((tied - 1) * (2 * tied + 5)).sum(axis=1, where=there)
    var_s = ((count * (count - 1) * (2 * count + 5)).sum(axis=1) - ties) / 18
    pairs = (count * (count - 1)).sum(axis=1) // 2
    slope = _median(slopes, pairs)
    number = count.sum(axis=1)
    places = np.where(there, np.arange(values.shape[1], dtype=np.float64), np.nan)
    intercept = _median(values, number) - _median(places, number) / period * slope
    return _Sums(s.astype(np.float64), var_s, pairs.astype(np.float64), slope, intercept)


def _pairs(values: NDArray[np.float64], period: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """How many values of its season equal each value, and the slopes of all pairs of a series, by lags of years."""
    number, steps = values.shape
    years = steps // period
    tied = np.ones(values.shape, dtype=np.int32)
    slopes = np.empty((number, years * (years - 1) // 2 * period))
    begin = 0
    for lag in range(1, years):
        shift = lag * period
        rise = values[:, shift:] - values[:, :-shift]
        equal = rise == 0
        tied[:, shift:] += equal
        tied[:, :-shift] += equal
        np.divide(rise, lag, out=slopes[:, begin : begin + steps - shift])
        begin += steps - shift
    return tied, slopes


def _median(values: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Medians of the `count` values of each row that are not NaN; NaN where there are none."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    rows = np.arange(len(values))
    middle = (ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, count // 2 * (count > 0)]) / 2
    return np.asarray(np.where(count > 0, middle, np.nan))


def _divided(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotients; NaN where they are divided by nothing."""
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0))
