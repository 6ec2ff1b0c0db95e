"""Days by their level: how many were 优, 良 … 严重污染, and how many were heavily polluted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.air.aqi import level_of
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import AirQualityIndex
    from qingchuan.processing.standards.air_index import Level


def level_counts(level: ArrayLike, counted: ArrayLike, levels: int) -> NDArray[np.int64]:
    """How many days have each level, 优 first.

    Parameters
    ----------
    level : array_like of int, shape (..., days)
        1 … `levels`; 0 where there is none.
    counted : array_like of bool, shape (..., days)
        Days that count: of `counted_days`.
    levels : int
        How many levels there are: ``len(AirQualityIndex.levels)``. [-]

    Returns
    -------
    ndarray of int64, shape (..., levels)
        [d]

    Examples
    --------
    >>> level_counts([1, 2, 2, 5, 0], [True, True, False, True, False], 6)
    array([1, 1, 0, 0, 1, 0])
    """
    level, counted = np.asarray(level), np.asarray(counted, dtype=np.bool_)
    return np.stack([(counted & (level == number)).sum(axis=-1) for number in range(1, levels + 1)], axis=-1)


def heavy_pollution_days(aqi: ArrayLike, heavy_above: ArrayLike) -> NDArray[np.int64]:
    """Days of heavy pollution (重污染天数).

    Parameters
    ----------
    aqi : array_like of int, shape (..., days)
        [-] -1 where there is none. A day without a full set of items counts all the same: no item makes it better.
    heavy_above : array_like of int, shape (days,) or ()
        `AirQualityIndex.heavy_above` of the edition of each day. [-]

    Returns
    -------
    ndarray of int64, shape (...)
        [d]

    Examples
    --------
    >>> heavy_pollution_days([200, 201, 350, -1], 200)
    array(2)
    """
    return np.asarray((np.asarray(aqi) > np.asarray(heavy_above)).sum(axis=-1))


def explain_heavy_pollution_days(aqi: ArrayLike, standard: AirQualityIndex) -> Explanation:
    """How many days were heavily polluted, by one edition, and of which levels they are.

    Parameters
    ----------
    aqi : array_like of int, shape (days,)
        [-] -1 where there is none.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    Explanation
        Its parts are the days of each level of heavy pollution.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> told = explain_heavy_pollution_days([200, 201, 350, -1], standard)
    >>> told.value, told.rule.zh, [(part.name.zh, part.value) for part in told.parts]
    (2, 'AQI大于200的天数', [('重度污染', 1), ('严重污染', 1)])
    """
    aqi, above = np.asarray(aqi), standard.heavy_above
    counts = level_counts(level_of(aqi, standard), aqi >= 0, len(standard.levels)).tolist()
    return Explanation(
        name=Text("重污染天数", "days of heavy pollution"),
        value=int(heavy_pollution_days(aqi, above)),
        unit="d",
        rule=Text(f"AQI大于{above}的天数", f"days with an AQI above {above}"),
        source=Source.of(standard, standard.levels[-1]),
        valid=int((aqi >= 0).sum()),
        expected=aqi.size,
        limit=above,
        parts=tuple(
            _days_of(level, count) for level, count in zip(standard.levels, counts, strict=True) if level.least > above
        ),
    )


def explain_level_counts(level: ArrayLike, counted: ArrayLike, standard: AirQualityIndex) -> Explanation:
    """How many days have each level, by one edition.

    Parameters
    ----------
    level, counted
        As `level_counts` has them, shape (days,).
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    Explanation
        Its value are the days that count; its parts are the days of each level.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> told = explain_level_counts([1, 2, 2, 5, 0], [True, True, False, True, False], standard)
    >>> told.value, told.rule.zh, told.parts[4].rule.zh
    (3, '优1天、良1天、重度污染1天', 'AQI为201～300的天数')
    """
    level, counted = np.asarray(level), np.asarray(counted, dtype=np.bool_)
    counts = level_counts(level, counted, len(standard.levels)).tolist()
    found = [(row, count) for row, count in zip(standard.levels, counts, strict=True) if count]
    return Explanation(
        name=Text("各级别天数", "days by level"),
        value=sum(counts),
        unit="d",
        rule=Text(
            "、".join(f"{row.zh}{count}天" for row, count in found) or "时段内无有效天数",
            ", ".join(f"{row.en} {count}" for row, count in found) or "no day of the period counts",
        ),
        source=Source.of(standard, standard.levels[0]),
        valid=sum(counts),
        expected=level.size,
        parts=tuple(_days_of(row, count) for row, count in zip(standard.levels, counts, strict=True)),
    )


def _days_of(level: Level, count: int) -> Explanation:
    """Days of one level, and which AQI it has."""
    span = (
        Text(f"大于{level.least - 1}", f"above {level.least - 1}")
        if level.most is None
        else Text(f"为{level.least}～{level.most}", f"of {level.least} to {level.most}")
    )
    return Explanation(
        name=Text(level.zh, level.en),
        value=count,
        unit="d",
        rule=Text(f"AQI{span.zh}的天数", f"days with an AQI {span.en}"),
    )
