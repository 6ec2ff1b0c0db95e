"""Means over a day, over eight hours and over the stations of a city: exact sums, rounded once.

Concentrations are scaled integers (`qingchuan.processing.scaled`); a mean has the scale of what it is the mean of.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from qingchuan.processing.blocks import stretches
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled, mean_of_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qingchuan.processing.standards import AirAssessment
    from qingchuan.processing.standards.air_assessment import DailyMaximum, DailyMean

_I = TypeVar("_I", bound=np.integer)


def daily_mean(hours: Scaled, rules: AirAssessment) -> Scaled:
    """24-hour means of natural days.

    Parameters
    ----------
    hours : ndarray of uint16, shape (..., 24 × days, stations)
        Hourly means, the first labelled 1:00. [scaled]
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    ndarray of uint16, shape (..., days, stations)
        [scaled] Missing where fewer hours are valid than the edition asks for.

    Raises
    ------
    ValueError
        The hours do not make whole days.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.1, 6.3, A.1; GB 3095, table 4: at least 20 hours.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> hours = np.arange(24, dtype=np.uint16).reshape(24, 1)
    >>> daily_mean(hours, standards.in_force("hj663", date(2025, 1, 1)))
    array([[12]], dtype=uint16)
    """
    days = _by_day(np.asarray(hours), rules.daily_mean.hours)
    means = np.empty((*days.shape[:-2], days.shape[-1]), np.uint16)
    for some in stretches(means.shape[-2], days[..., :1, :, :].size):
        means[..., some, :] = _daily_mean(days[..., some, :, :], rules.daily_mean)
    return means


def daily_max_8h(hours: Scaled, rules: AirAssessment, limit: int) -> Scaled:
    """Daily maximum 8-hour means (日最大8小时平均) of natural days.

    Parameters
    ----------
    hours : ndarray of uint16, shape (..., 24 × days, stations)
        Hourly means, the first labelled 1:00. [scaled]
    rules : AirAssessment
        The edition of HJ 663.
    limit : int
        Daily limit, grade II. [scaled] With too few 8-hour means a maximum above it is valid all the same.

    Returns
    -------
    ndarray of uint16, shape (..., days, stations)
        [scaled]

    Raises
    ------
    ValueError
        The hours do not make whole days.

    Notes
    -----
    The windows lie within the natural day: those labelled 8:00 … 24:00. Each 8-hour mean is rounded by itself (6.3); as
    rounding keeps the order, the largest of them is the largest exact mean, rounded once. So it is the *rounded*
    maximum that exceeds the limit or does not: 160.4 µg/m³ does not exceed 160.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.2, 6.3, A.1; GB 3095, table 4: at least 6 of 8 hours.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> hours = np.arange(0, 240, 10, dtype=np.uint16).reshape(24, 1)
    >>> daily_max_8h(hours, standards.in_force("hj663", date(2025, 1, 1)), 160)
    array([[195]], dtype=uint16)
    """
    days = _by_day(np.asarray(hours), rules.daily_mean.hours)
    largest = np.empty((*days.shape[:-2], days.shape[-1]), np.uint16)
    for some in stretches(largest.shape[-2], days[..., :1, :, :].size):
        largest[..., some, :] = _daily_maximum(days[..., some, :, :], rules.daily_maximum, limit)
    return largest


def area_mean(values: Scaled, rules: AirAssessment) -> Scaled:
    """Mean concentration over the stations of a city.

    Parameters
    ----------
    values : ndarray of uint16, shape (..., stations)
        The same statistic (hour, 24-hour mean, daily maximum 8-hour mean) of all stations evaluated for the city,
        missing ones too. [scaled]
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    ndarray of uint16, shape (...)
        [scaled] Missing where too small a share of the stations is valid.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.4 and A.2.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> values = np.array([[30, 31, 33, 65535], [30, 31, 65535, 65535]], dtype=np.uint16)
    >>> area_mean(values, standards.in_force("hj663", date(2025, 1, 1)))
    array([   31, 65535], dtype=uint16)
    """
    values = np.atleast_1d(values)
    valid = values != MISSING
    count = valid.sum(axis=-1, dtype=np.int32)
    total = (values * valid).sum(axis=-1, dtype=np.int64)
    return mean_of_sums(total, count, valid=rules.area.enough(count, values.shape[-1]))


def _daily_mean(days: Scaled, rule: DailyMean) -> Scaled:
    """Means of days, shape (..., days, hours, stations)."""
    valid = days != MISSING
    total = (days * valid).sum(axis=-2, dtype=np.int32)
    count = valid.sum(axis=-2, dtype=np.uint8)  # a day has fewer than 256 hours
    return mean_of_sums(total, count, valid=count >= rule.at_least)


def _daily_maximum(days: Scaled, rule: DailyMaximum, limit: int) -> Scaled:
    """Maxima of days, shape (..., days, hours, stations).

    A mean of 6, 7 or 8 hours is a whole number of parts, 1/168 each: the largest is found, and rounded, as such.
    """
    parts = math.lcm(*range(rule.at_least, rule.window + 1))
    valid = days != MISSING
    total = _windows((days * valid).astype(_fitting(LARGEST * parts)), rule)
    count = _windows(valid.view(np.uint8), rule)
    largest = divide_half_even((total * _parts_each(count, parts, rule)).max(axis=-2, initial=0), parts)
    enough = (count >= rule.at_least).sum(axis=-2, dtype=np.uint8)
    counts = (enough >= rule.windows_at_least) | ((enough > 0) & (largest > limit))
    return np.where(counts, largest, MISSING).astype(np.uint16)


def _parts_each(count: NDArray[np.uint8], parts: int, rule: DailyMaximum) -> NDArray[np.integer]:
    """How many parts one of `count` valid hours is; none where they are too few."""
    each = np.zeros(count.shape, np.min_scalar_type(parts // rule.at_least))
    for hours in range(rule.at_least, rule.window + 1):
        each += (count == hours).view(np.uint8) * each.dtype.type(parts // hours)
    return each


def _fitting(largest: int) -> type[np.int32 | np.int64]:
    """The smaller type that holds `largest`: it takes half the time."""
    return np.int32 if largest <= np.iinfo(np.int32).max else np.int64


def _by_day(hours: Scaled, length: int) -> Scaled:
    if hours.ndim < 2 or hours.shape[-2] % length:  # noqa: PLR2004 - hours and stations
        msg = f"the hours have the shape {hours.shape}; it must be (…, {length} × days, stations)"
        raise ValueError(msg)
    return hours.reshape(*hours.shape[:-2], hours.shape[-2] // length, length, hours.shape[-1])


def _windows(hours: NDArray[_I], rule: DailyMaximum) -> NDArray[_I]:
    """Sums of the windows of a day, along the last axis but one."""
    return _running_sum(hours, rule.window)[..., rule.first_label - rule.window : rule.last_label - rule.window + 1, :]


def _running_sum(hours: NDArray[_I], length: int) -> NDArray[_I]:
    """Sums of `length` successive hours, by doubling: that of eight is two of four, which are two of two."""
    if length == 1:
        return hours
    half = length // 2
    sums = _running_sum(hours, half)
    doubled = sums[..., :-half, :] + sums[..., half:, :]
    return doubled[..., :-1, :] + hours[..., length - 1 :, :] if length % 2 else doubled
