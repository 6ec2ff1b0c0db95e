"""Statistics of a period from its days: mean and percentile of each item, and whether enough days are valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.calendar_periods import CalendarPeriod, Days, by_month, months_of
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled, mean_of_sums
from qingchuan.processing.standards import AirAssessment
from qingchuan.processing.standards.air_validity import Minimum


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatistics:
    """Statistics of an item in a period.

    A value is there wherever a day is valid; whether it may be used stands beside it.

    Attributes
    ----------
    item : str
    period : CalendarPeriod
    count : ndarray of int64, shape (...)
        Valid days. [d]
    months : ndarray of datetime64[M], shape (months,)
        Of the period.
    month_counts : ndarray of int64, shape (..., months)
        Valid days of each month. [d]
    valid : ndarray of bool, shape (...)
        Whether there are as many as the edition asks for. Where it asks for no number: whether there is any.
    mean : ndarray of uint16, shape (...)
        [scaled, with `decimals` more decimals] Missing where no day is valid.
    percent : int or None
        The percentile that the edition judges; None where it judges none. [%]
    percentile : ndarray of uint16, shape (...)
        [scaled, with `decimals` more decimals] Missing where no day is valid, and where none is judged.
    decimals : int
        How many decimals more than its days a statistic has; 0 is official. [-]
    """

    item: str
    period: CalendarPeriod
    count: NDArray[np.int64]
    months: NDArray[np.datetime64]
    month_counts: NDArray[np.int64]
    valid: NDArray[np.bool_]
    mean: Scaled
    percent: int | None
    percentile: Scaled
    decimals: int


class MonthlyMeans(NamedTuple):
    """Means of months.

    Attributes
    ----------
    months : ndarray of datetime64[M], shape (months,)
    mean : ndarray of uint16, shape (..., months)
        [scaled] Missing where no day is valid.
    counts : ndarray of int64, shape (..., months)
        Valid days. [d]
    """

    months: NDArray[np.datetime64]
    mean: Scaled
    counts: NDArray[np.int64]


def period_mean(days: Scaled, *, decimals: int = 0) -> Scaled:
    """Mean over the valid days of a period, from the exact sum, rounded once.

    Parameters
    ----------
    days : ndarray of uint16, shape (..., days)
        Daily values of one item. [scaled]
    decimals : int, optional
        How many decimals more than the days the mean has. [-] The official decimals are those of the days; national
        bulletins print one more of PM2.5.

    Returns
    -------
    ndarray of uint16, shape (...)
        [scaled, with `decimals` more decimals] Missing where no day is valid. A mean beyond the range of uint16 is held
        as its largest value.

    References
    ----------
    .. [1] HJ 663—2013, A.1, A.2 (arithmetic mean of the daily values), 6.3 (rounding).

    Examples
    --------
    >>> period_mean(np.array([30, 31, 65535], np.uint16)), period_mean(np.array([30, 31], np.uint16), decimals=1)
    (array(30, dtype=uint16), array(305, dtype=uint16))
    """
    days = np.asarray(days)
    valid = days != MISSING
    total = np.where(valid, days, 0).sum(axis=-1, dtype=np.int64)
    return _mean(total, np.asarray(valid.sum(axis=-1)), decimals)


def monthly_means(days: Scaled, dates: Days, *, decimals: int = 0) -> MonthlyMeans:
    """Means of the months that some days lie in.

    Parameters
    ----------
    days : ndarray of uint16, shape (..., days)
        Daily values of one item. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
        Each day once, in any order.
    decimals : int, optional
        As `period_mean` has it. [-]

    Returns
    -------
    MonthlyMeans

    References
    ----------
    .. [1] GB 3095—2012, 3.11: mean of the daily means of a calendar month.

    Examples
    --------
    >>> dates = np.array(["2026-01-30", "2026-01-31", "2026-02-01"], "datetime64[D]")
    >>> found = monthly_means(np.array([30, 33, 65535], np.uint16), dates)
    >>> found.mean, found.counts
    (array([   32, 65535], dtype=uint16), array([2, 0]))
    """
    days, months = np.asarray(days), months_of(dates)
    valid = days != MISSING
    total, count = by_month(np.where(valid, days, 0), months), by_month(valid.astype(np.int64), months)
    return MonthlyMeans(months.starts, _mean(total, count, decimals), count)


def period_statistics(
    days: Mapping[str, Scaled], dates: Days, period: CalendarPeriod, rules: AirAssessment, *, decimals: int = 0
) -> dict[str, ItemStatistics]:
    """Statistics of each item in a period.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        Daily values: 24-hour means, and the daily maximum 8-hour means of ozone. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
        Each day once, in any order; those outside the period are left out, those that it lacks are not valid.
    period : CalendarPeriod
    rules : AirAssessment
        The edition of HJ 663.
    decimals : int, optional
        As `period_mean` has it. [-] A standard is attained, or not, by statistics of the official decimals only.

    Returns
    -------
    dict of str to ItemStatistics

    Raises
    ------
    LookupError
        The edition does not evaluate an item.
    ValueError
        A date stands twice, or the days of an item are not those of the dates.

    Notes
    -----
    A calendar year has a minimum of days in all and in each month. The text asks for no number in a month, a quarter
    (but of lead), a half-year or a part of a year: `month_counts` shows what such a statistic is made of.

    References
    ----------
    .. [1] HJ 663—2013, tables 1 and 2, 6.1.1, 6.1.3, 6.1.5, 6.3, A.1, A.2, A.6; GB 3095, table 4.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> period = year_of(date(2025, 1, 1))
    >>> found = period_statistics(
    ...     {"pm25": np.arange(365, dtype=np.uint16)}, period.dates, period, standards.in_force("hj663", period.last)
    ... )["pm25"]
    >>> found.mean, found.percent, found.percentile, found.valid
    (array(182, dtype=uint16), 95, array(346, dtype=uint16), array(True))
    """
    dates = np.asarray(dates)
    held = period.holds(dates)
    kept = dates[held]
    if np.unique(kept).size != kept.size:
        raise ValueError(f"the {kept.size} dates are {np.unique(kept).size} different ones; each day stands once")
    arrays = {item: np.asarray(values) for item, values in days.items()}
    for item, values in arrays.items():
        if values.shape[-1:] != (dates.size,):
            raise ValueError(f"the days of {item!r} have the shape {values.shape}; (…, {dates.size}) would do")
    return {item: _item(item, values[..., held], kept, period, rules, decimals) for item, values in arrays.items()}


def check_official(statistics: ItemStatistics, rules: AirAssessment) -> None:
    """Refuse statistics that have more than the official decimals: nothing is judged by these.

    Parameters
    ----------
    statistics : ItemStatistics
    rules : AirAssessment
        The edition of HJ 663.

    Raises
    ------
    ValueError
        They have more.

    References
    ----------
    .. [1] HJ 663—2013, 6.3: statistics are rounded before they are judged.
    """
    if statistics.decimals:
        raise ValueError(
            f"the statistics of {statistics.item!r} have {statistics.decimals} decimals more than the official ones; "
            f"0 would do ({rules.document}, {rules.decimals.clause})"
        )


def enough_days(
    count: NDArray[np.int64], months: NDArray[np.datetime64], month_counts: NDArray[np.int64], minimum: Minimum | None
) -> NDArray[np.bool_]:
    """Whether so many valid days make a valid statistic.

    Parameters
    ----------
    count : ndarray of int64, shape (...)
        Valid days of the period. [d]
    months : ndarray of datetime64[M], shape (months,)
        Of the period.
    month_counts : ndarray of int64, shape (..., months)
        Valid days of each of them. [d]
    minimum : Minimum or None
        `AirAssessment.minimum` of the period and the item; None where no number is asked for: then any day will do.

    Returns
    -------
    ndarray of bool, shape (...)

    References
    ----------
    .. [1] HJ 663—2013, 6.1.1 and 6.1.3; GB 3095, table 4: 324 days a year, 27 a month, 25 in February.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> minimum = standards.load("hj663_2013", standards.AirAssessment).minimum("quarter", "pb")
    >>> months = np.array(["2026-01", "2026-02", "2026-03"], "datetime64[M]")
    >>> enough_days(np.array([15, 15, 14]), months, np.array([[5, 5, 5], [4, 5, 6], [5, 5, 4]]), minimum)
    array([ True, False, False])
    """
    if minimum is None:
        return np.asarray(count > 0)
    enough = month_counts >= minimum.of_months(months)
    return np.asarray((count >= minimum.at_least) & enough.all(axis=-1))


def _item(
    item: str, days: Scaled, dates: Days, period: CalendarPeriod, rules: AirAssessment, decimals: int
) -> ItemStatistics:
    judged, valid = rules.year_statistics(item), days != MISSING
    count, months, percent = np.asarray(valid.sum(axis=-1)), period.months, judged.percent
    month_counts = _month_counts(valid, dates, months)
    return ItemStatistics(
        item=item,
        period=period,
        count=count,
        months=months,
        month_counts=month_counts,
        valid=enough_days(count, months, month_counts, rules.minimum(period.kind, item)),
        mean=period_mean(days, decimals=decimals),
        percent=percent,
        percentile=(
            np.full(count.shape, MISSING, np.uint16)
            if percent is None
            else percentile(ordered(days), percent, decimals=decimals)
        ),
        decimals=decimals,
    )


def _month_counts(valid: NDArray[np.bool_], dates: Days, months: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Valid days of all `months` of a period, also of those that no day of `dates` lies in."""
    found = months_of(dates)
    counts = np.zeros((*valid.shape[:-1], months.size), np.int64)
    counts[..., np.searchsorted(months, found.starts)] = by_month(valid.astype(np.int64), found)
    return counts


def _mean(total: NDArray[np.int64], count: NDArray[np.int64], decimals: int) -> Scaled:
    """Means with some decimals more, held at the largest value where these are beyond the range."""
    return mean_of_sums(np.minimum(total * 10**decimals, LARGEST * count), count, valid=count > 0)
