"""What of a daily or real-time report is published, and what stands for an item that is missing or not monitored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.aqi import AirQuality
from qingchuan.processing.air.wording import plain
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex

_MONTHS = 12
"""Of a year."""


class ReportCell(NamedTuple):
    """What a report shows of an item: the texts of its concentration and of its index."""

    concentration: str
    iaqi: str


def published_by_plan(air: AirQuality, left_out: ArrayLike, standard: AirQualityIndex) -> NDArray[np.bool_]:
    """Whether AQI, primary pollutants and level may be published, where some items are not monitored by plan.

    Parameters
    ----------
    air : AirQuality
    left_out : array_like of bool, shape (items,) or broadcastable with (items, ...)
        Items of `air.items` that the plan of monitoring leaves out and that `may_be_left_out`.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    ndarray of bool, shape (...)
        `air.published`, and also where nothing is missing but what is left out. An edition that does not speak of such
        items (2012) publishes as it does without them.

    References
    ----------
    .. [1] HJ 633—2026, 5.3.1, 5.3.2; HJ 633—2012, 5.1.1.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.aqi import evaluate
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> day = {"no2": 30, "pm10": 40, "pm25": 20, "co": 5, "o3_8h": 90}
    >>> air = evaluate({item: np.uint16(value) for item, value in day.items()}, "day", standard)
    >>> air.published, published_by_plan(air, [item == "so2" for item in air.items], standard)
    (array(False), array(True))
    """
    if standard.publishing.not_monitored is None:
        return np.asarray(air.published)
    left_out = np.asarray(left_out, dtype=np.bool_)
    left_out = left_out.reshape(left_out.shape + (1,) * (air.iaqi.ndim - left_out.ndim))
    told = ((air.iaqi >= 0) | left_out).all(axis=0)
    return np.asarray(air.published | (told & (air.aqi >= 0)))


def may_be_left_out(primary: ArrayLike, level: ArrayLike, dates: Days, standard: AirQualityIndex) -> NDArray[np.bool_]:
    """Whether an item that is not monitored by plan has no part in what is published.

    Parameters
    ----------
    primary : array_like of bool, shape (..., days)
        Whether the item was a primary pollutant of each day on which it was monitored.
    level : array_like of int, shape (..., days)
        Level of each of these days.
    dates : ndarray of datetime64[D], shape (days,)
        From the first to the last they must reach over as many years as the edition asks for.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    ndarray of bool, shape (...)
        False where it was the primary pollutant of a day of light pollution or worse, where the days reach over too
        few years, and where the edition does not speak of such items.

    References
    ----------
    .. [1] HJ 633—2026, 5.3.2: 连续三年内未出现以其为首要污染物的轻度及以上污染.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> dates = np.array(["2023-01-01", "2024-06-01", "2025-12-31"], "datetime64[D]")
    >>> may_be_left_out([True, False, True], [2, 4, 2], dates, standard)
    array(True)
    >>> may_be_left_out([True, False, True], [2, 4, 3], dates, standard)
    array(False)
    """
    rule, primary, level = standard.publishing.not_monitored, np.asarray(primary, dtype=np.bool_), np.asarray(level)
    spoilt = np.zeros(primary.shape[:-1], np.bool_)
    if rule is None or not _reach_over(np.asarray(dates), rule.years):
        return spoilt
    return np.asarray(~(primary & (level >= rule.level)).any(axis=-1))


def report_cells(
    concentrations: Mapping[str, int], air: AirQuality, not_monitored: Collection[str], standard: AirQualityIndex
) -> dict[str, ReportCell]:
    """What a report of one subject shows of each item: numbers, or the mark of what is missing or not monitored.

    Parameters
    ----------
    concentrations : mapping of str to int
        [scaled] One that is left out is missing.
    air : AirQuality
        Of them, without leading axes.
    not_monitored : collection of str
        Items that the plan of monitoring leaves out.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    dict of str to ReportCell

    References
    ----------
    .. [1] HJ 633—2026, notes of tables 4 and 5; HJ 633—2012, notes of tables 3 and 4.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.aqi import evaluate
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> air = evaluate({"co": np.uint16(5)}, "day", standard)
    >>> cells = report_cells({"co": 5}, air, {"so2"}, standard)
    >>> cells["co"], cells["so2"], cells["no2"].iaqi
    (ReportCell(concentration='0.5', iaqi='13'), ReportCell(concentration='/', iaqi='/'), 'NA')
    """
    publishing = standard.publishing
    left_out = publishing.missing if publishing.not_monitored is None else publishing.not_monitored.mark
    cells = {}
    for item, iaqi in zip(air.items, air.iaqi.tolist(), strict=True):
        mark = left_out if item in not_monitored else publishing.missing
        value, decimals = concentrations.get(item, MISSING), standard.decimals.items[item]
        told = mark if value == MISSING else plain(value, decimals)
        cells[item] = ReportCell(told, str(iaqi) if iaqi >= 0 else mark)
    return cells


def _reach_over(dates: Days, years: int) -> bool:
    """Whether the days reach over so many years, from the first to the last."""
    if not dates.size:
        return False
    first, month = dates.min(), dates.min().astype("datetime64[M]")
    anniversary = (month + _MONTHS * years).astype("datetime64[D]") + (first - month.astype("datetime64[D]"))
    return bool(dates.max() + 1 >= anniversary)
