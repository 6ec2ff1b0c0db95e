"""Means over a day, over eight hours and over the stations of a city: exact sums, rounded once.

Concentrations are scaled integers (`qingchuan.processing.scaled`); a mean has the scale of what it is the mean of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qingchuan.processing.standards import AirAssessment


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
    valid = days != MISSING
    total = np.where(valid, days, 0).sum(axis=-2, dtype=np.int64)
    count = valid.sum(axis=-2)
    return _mean(total, count, valid=count >= rules.daily_mean.at_least)


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
    rule = rules.daily_maximum
    days = _by_day(np.asarray(hours), rules.daily_mean.hours)
    valid = days != MISSING
    total = _windows(np.where(valid, days, 0).astype(np.int32), rule.window, rule.first_label, rule.last_label)
    count = _windows(valid.astype(np.int32), rule.window, rule.first_label, rule.last_label)
    enough = count >= rule.at_least
    means = np.where(enough, divide_half_even(total, np.maximum(count, 1)), -1)
    largest = means.max(axis=-2, initial=-1)
    counts = (largest >= 0) & ((enough.sum(axis=-2) >= rule.windows_at_least) | (largest > limit))
    return np.where(counts, largest, MISSING).astype(np.uint16)


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
    stations = values.shape[-1]
    share = rules.area.share_of_few if stations < rules.area.few else rules.area.share
    valid = values != MISSING
    count = valid.sum(axis=-1)
    total = np.where(valid, values, 0).sum(axis=-1, dtype=np.int64)
    return _mean(total, count, valid=(count > 0) & (100 * count >= share * stations))


def _mean(total: NDArray[np.int64], count: NDArray[np.int64], *, valid: NDArray[np.bool_]) -> Scaled:
    mean = divide_half_even(total, np.maximum(count, 1))
    return np.where(valid, mean, MISSING).astype(np.uint16)


def _by_day(hours: Scaled, length: int) -> Scaled:
    if hours.ndim < 2 or hours.shape[-2] % length:  # noqa: PLR2004 - hours and stations
        msg = f"the hours have the shape {hours.shape}; it must be (…, {length} × days, stations)"
        raise ValueError(msg)
    return hours.reshape(*hours.shape[:-2], hours.shape[-2] // length, length, hours.shape[-1])


def _windows(values: NDArray[np.int32], window: int, first: int, last: int) -> NDArray[np.int32]:
    """Sums of the windows that end with the labels `first` … `last`, along the last axis but one."""
    start, stop = first - window, last - window + 1
    total = np.zeros_like(values[..., start:stop, :])
    for shift in range(window):
        total += values[..., start + shift : stop + shift, :]
    return total
