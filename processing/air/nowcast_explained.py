"""How a NowCast came about: the hours of its window, its weight factor, truncation, and the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.air.nowcast import nowcast
from qingchuan.processing.air.us_epa_explained import explain_iaqi
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.air.nowcast import NowCast
    from qingchuan.processing.standards import UsAirQualityIndex


def explain_nowcast(hours: ArrayLike, item: str, standard: UsAirQualityIndex) -> Explanation:
    """How the NowCast at the last of the hours came about.

    Parameters
    ----------
    hours : array_like of float, shape (hours,)
        Hourly means, the latest last. [µg/m³] NaN where missing.
    item : {"pm25", "pm10"}
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    Explanation
        Of the truncated concentration; its parts are the index and the hours of the window, the current one first.

    Raises
    ------
    ValueError
        The edition has no NowCast of the item, or there is no hour.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> told = explain_nowcast([80, 40, 20, 10], "pm25", standard)
    >>> told.value, told.parts[0].value
    (21.3, 74)
    >>> told.rule.zh
    '近12小时最小值10、最大值80，权重因子max(10/80, 0.5) = 0.500，按距今小时数加权平均21.333，截断为21.3 µg/m³'
    """
    values = np.asarray(hours, dtype=np.float64)
    found = nowcast(values, item, standard)
    if not values.size:
        raise ValueError("the hours have the shape (0,); one at least would do, the latest last")
    rule, column = standard.nowcast, standard.items[item]
    window = values[::-1][: rule.hours]
    value = float(found.truncated[-1])
    return Explanation(
        name=Text(f"{column.pollutant.upper()} NowCast 浓度", f"NowCast of {column.pollutant.upper()}"),
        value=None if np.isnan(value) else value,
        unit=column.unit,
        rule=_rule(found, window, item, standard),
        source=Source.of(standard, rule),
        valid=int(found.valid[-1]),
        expected=rule.hours,
        parts=(
            explain_iaqi(value, item, standard),
            *(_hour(ago, hour, column.unit) for ago, hour in enumerate(window.tolist())),
        ),
    )


def _rule(found: NowCast, window: NDArray[np.float64], item: str, standard: UsAirQualityIndex) -> Text:
    rule, column = standard.nowcast, standard.items[item]
    if np.isnan(found.concentration[-1]):
        return Text(
            f"近{rule.recent}小时有效值不足{rule.recent_at_least}个，不计算",
            f"fewer than {rule.recent_at_least} of the last {rule.recent} hours are valid: there is none",
        )
    counted = np.maximum(window[np.isfinite(window)], standard.negative.counts_as)
    smallest, largest = counted.min(), counted.max()
    if not largest:
        return Text(f"近{rule.hours}小时均为0，取0", f"all of the last {rule.hours} hours are 0, and so is it")
    weight = f"max({smallest:g}/{largest:g}, {rule.least_weight:g}) = {found.weight[-1]:.3f}"
    mean = f"{found.concentration[-1]:.3f}"
    shown = f"{found.truncated[-1]:.{standard.truncation.items[item]}f} {column.unit}"
    return Text(
        f"近{rule.hours}小时最小值{smallest:g}、最大值{largest:g}，权重因子{weight}，"
        f"按距今小时数加权平均{mean}，截断为{shown}",
        f"smallest of the last {rule.hours} hours {smallest:g}, largest {largest:g}; weight factor {weight};"
        f" mean weighted by hours ago {mean}, truncated to {shown}",
    )


def _hour(ago: int, value: float, unit: str) -> Explanation:
    missing = not np.isfinite(value)
    return Explanation(
        name=Text(f"{ago}小时前" if ago else "当前小时", f"{ago} h ago" if ago else "current hour"),
        value=None if missing else value,
        unit=unit,
        rule=Text(
            "缺测" if missing else f"权重为权重因子的{ago}次方", "missing" if missing else f"weight factor ^ {ago}"
        ),
    )
