"""The NowCast of particles of the US EPA: hours weighted so that the index follows fast changes.

Only PM2.5 and PM10 have this rule. The NowCast of ozone is a regression (partial least squares) on two weeks of hours
that EPA publishes as a program; it is no part of this. Its surrogate, 0.85 times the ozone of the latest hour plus
4.5 ppb where too many hours are missing, is noted here for the reader and not computed.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.air.us_epa import iaqi
from qingchuan.processing.rounding import scaled_truncated

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import UsAirQualityIndex
    from qingchuan.processing.standards.us_epa import NowCastRule

_CLOSE = 1e-9
"""So near to a whole last decimal it is truncated in fractions; floats are a thousand times finer."""


class NowCast(NamedTuple):
    """NowCasts at every hour; every array has the shape of the hours.

    Attributes
    ----------
    concentration : ndarray of float64
        Weighted mean. [µg/m³] NaN where too few of the last hours are valid.
    truncated : ndarray of float64
        Truncated to the decimals of the item, as it has an index. [µg/m³]
    aqi : ndarray of int16
        Its index. [-] -1 where there is none.
    weight : ndarray of float64
        Weight factor of an hour. [-] NaN where there is no NowCast, or all its hours are 0.
    valid : ndarray of int64
        Valid hours of the window. [-]
    """

    concentration: NDArray[np.float64]
    truncated: NDArray[np.float64]
    aqi: NDArray[np.int16]
    weight: NDArray[np.float64]
    valid: NDArray[np.int64]


class _Window(NamedTuple):
    """What the hours of each window come to, each of the shape of the hours."""

    smallest: NDArray[np.float64]
    largest: NDArray[np.float64]
    valid: NDArray[np.int64]
    recent: NDArray[np.int64]


def nowcast(hours: ArrayLike, item: str, standard: UsAirQualityIndex) -> NowCast:
    """NowCasts of particles at every hour.

    Parameters
    ----------
    hours : array_like of float, shape (..., hours)
        Hourly means without a gap in time, the latest last. [µg/m³] NaN or infinite where missing.
    item : {"pm25", "pm10"}
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    NowCast
        The window of an early hour reaches back before the first: what is not there is missing.

    Raises
    ------
    ValueError
        The edition has no NowCast of the item, or a single value has no axis of hours.

    Notes
    -----
    The weight factor is the smallest of the last 12 hours out of the largest, at least ½; an hour weighs it to the
    power of how many hours ago it was, whether or not hours between are missing. At least 2 of the last 3 hours must be
    valid. A negative hour counts as what the edition says: 0. Where the largest hour is 0, so is the NowCast.

    A mean of decimals may fall on a last decimal exactly, as that of twelve hours of 35.4 does: what comes near one is
    truncated in fractions.

    References
    ----------
    .. [1] EPA-454/B-24-002, IV, how the NowCast is calculated (pp. 16–17).

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> found = nowcast([13, 16, 10, 21, 74, 64, 53, 82, 90, 75, 80, 50], "pm25", standard)
    >>> found.concentration[-1].round(3), found.truncated[-1], found.aqi[-1], found.weight[-1]
    (np.float64(64.257), np.float64(64.2), np.int16(157), np.float64(0.5))
    >>> nowcast([12, np.nan, 12, np.nan, np.nan], "pm25", standard).truncated
    array([nan, nan, 12., nan, nan])
    """
    rule = standard.nowcast
    values = _hours(hours, item, standard)
    window = _window(values, rule)
    with np.errstate(invalid="ignore"):
        weight = np.maximum(window.smallest / np.where(window.largest > 0, window.largest, np.nan), rule.least_weight)
    # Hours alike need no weight, and are exact; so is 0, where there is none.
    alike = window.smallest == window.largest
    concentration = np.where(alike, window.largest, _weighted(values, weight, rule.hours))
    there = window.recent >= rule.recent_at_least
    concentration = np.where(there, concentration, np.nan)
    decimals = standard.truncation.items[item]
    scaled = scaled_truncated(concentration, decimals)
    _decide(scaled, concentration, values, ~alike, rule, decimals)
    truncated = scaled / 10.0**decimals
    return NowCast(
        concentration,
        truncated,
        iaqi(truncated, item, standard),
        np.where(there, weight, np.nan),
        window.valid,
    )


def exact_nowcast(recent_first: list[float], rule: NowCastRule) -> Fraction:
    """NowCast of the hours of one window, exactly.

    Parameters
    ----------
    recent_first : list of float
        The current hour and those before it; NaN where missing, none negative, one at least above 0. [µg/m³]
    rule : NowCastRule
        Of the edition.

    Returns
    -------
    Fraction
        [µg/m³]

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> exact_nowcast([10, 20, 40, 80], standards.load("epa2024", standards.UsAirQualityIndex).nowcast)
    Fraction(64, 3)
    """
    valid = [(ago, Fraction(Decimal(repr(value)))) for ago, value in enumerate(recent_first) if np.isfinite(value)]
    values = [value for _, value in valid]
    weight = max(min(values) / max(values), Fraction(Decimal(repr(rule.least_weight))))
    above = sum((weight**ago * value for ago, value in valid), start=Fraction(0))
    return above / sum((weight**ago for ago, _ in valid), start=Fraction(0))


def _hours(hours: ArrayLike, item: str, standard: UsAirQualityIndex) -> NDArray[np.float64]:
    """Hours with negative ones counted as the edition says, and NaN wherever there is none."""
    if item not in standard.nowcast.items:
        there = f"there is one of {', '.join(standard.nowcast.items)} ({standard.document}, {standard.nowcast.clause})"
        raise ValueError(f"the NowCast has the item {item!r}; {there}")
    values = np.asarray(hours, dtype=np.float64)
    if values.ndim == 0:
        raise ValueError("the hours have the shape (); it must be (…, hours), the latest last")
    values = np.where(values < 0, standard.negative.counts_as, values)
    return np.where(np.isfinite(np.asarray(hours, dtype=np.float64)), values, np.nan)


def _before(values: NDArray[np.float64], hours: int) -> NDArray[np.float64]:
    """What was so many hours before each; NaN before the first."""
    earlier = np.full(values.shape, np.nan)
    earlier[..., hours:] = values[..., : max(values.shape[-1] - hours, 0)]
    return earlier


def _window(values: NDArray[np.float64], rule: NowCastRule) -> _Window:
    smallest, largest = values.copy(), values.copy()
    valid = np.isfinite(values).astype(np.int64)
    recent = valid
    for ago in range(1, rule.hours):
        earlier = _before(values, ago)
        smallest, largest = np.fmin(smallest, earlier), np.fmax(largest, earlier)
        valid = valid + np.isfinite(earlier)
        recent = valid if ago < rule.recent else recent
    return _Window(smallest, largest, valid, recent)


def _weighted(values: NDArray[np.float64], weight: NDArray[np.float64], hours: int) -> NDArray[np.float64]:
    """Weighted means of the windows, from the oldest hour on; NaN where all is missing."""
    above, below = np.zeros(values.shape), np.zeros(values.shape)
    for ago in reversed(range(hours)):
        earlier = _before(values, ago)
        there = np.isfinite(earlier)
        above = above * weight + np.where(there, earlier, 0.0)
        below = below * weight + there
    return np.asarray(np.divide(above, below, out=np.full(values.shape, np.nan), where=below > 0))


def _decide(
    scaled: NDArray[np.float64],
    concentration: NDArray[np.float64],
    values: NDArray[np.float64],
    weighted: NDArray[np.bool_],
    rule: NowCastRule,
    decimals: int,
) -> None:
    """Truncate in fractions what comes near a whole last decimal; writes into `scaled`."""
    with np.errstate(invalid="ignore"):
        size = concentration * 10.0**decimals
        close = weighted & (np.abs(size - np.rint(size)) <= _CLOSE * np.maximum(size, 1.0))
    for *series, hour in zip(*np.nonzero(close), strict=True):
        window = values[tuple(series)][max(hour - rule.hours + 1, 0) : hour + 1]
        scaled[(*series, hour)] = exact_nowcast(window[::-1].tolist(), rule) * 10**decimals // 1
