"""How an exceedance multiple came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.pollutants import told_multiples
from qingchuan.processing.water.ratios import fraction

if TYPE_CHECKING:
    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit


def explain_multiple(
    value: float,
    item: str,
    water_body: WaterBody,
    target: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> Explanation:
    """How the exceedance multiple of one item of one section came about.

    Parameters
    ----------
    value : float
        [unit of the item] NaN where missing.
    item : str
        Key of the catalogue.
    water_body, target, standard, measures
        As `multiples` has them.

    Returns
    -------
    Explanation
        Of the multiple as it is published; its `limit` is that of the multiple, in the unit of the item.

    Raises
    ------
    ValueError
        A target that is no class.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> explain_multiple(13.3, "codmn", "river", 3, gb3838, measures).rule.zh
    '超过Ⅲ类限值 6 mg/L，超标倍数为 (13.3−6)/6，按四舍六入五成双修约，为 1.2'
    >>> explain_multiple(1.2, "do", "river", 3, gb3838, measures).rule.zh
    '溶解氧不计算超标倍数'
    """
    told = float(told_multiples([value], (item,), water_body, target, standard, measures)[0])
    entry, row = catalogue.item(item), standard.limit(item, water_body)
    rule, limit, exact = _none(value, item, row, target, standard, measures), None, None
    if row is not None and not np.isnan(told):
        limit = row.limits[target - 1]
        exact = (fraction(value) - fraction(limit)) / fraction(limit)
        rule = _rule(value, limit, told, f"{standard.table.classes[target - 1]}", row.unit)
    return Explanation(
        name=Text(f"{entry.name_zh}超标倍数", f"exceedance multiple of {entry.name_en}"),
        value=None if np.isnan(told) else told,
        rule=rule,
        source=Source.of(measures, measures.main_pollutants),
        exact=exact,
        decimals=measures.main_pollutants.decimals,
        limit=limit,
    )


def _rule(value: float, limit: float, told: float, name: str, unit: str) -> Text:
    shown = written(limit)
    return Text(
        f"超过{name}类限值 {shown} {unit}，超标倍数为 ({written(value)}−{shown})/{shown}，"
        f"按四舍六入五成双修约，为 {written(told)}",
        f"exceeds {shown} {unit}, the limit of {name}: ({written(value)} − {shown}) / {shown}, rounded half to even, "
        f"is {written(told)}",
    )


def _none(
    value: float,
    item: str,
    row: WaterLimit | None,
    target: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> Text:
    """Why there is no multiple."""
    entry = catalogue.item(item)
    if row is None:
        return Text(f"{standard.document} 未规定限值", f"{standard.document} sets no limit")
    if row.compare != "at_most" or item in measures.main_pollutants.without_multiple:
        return Text(f"{entry.name_zh}不计算超标倍数", f"{entry.name_en} has no multiple")
    if not target:
        return Text("无目标类别，不计算", "there is no class to reach, so there is none")
    if not (np.isfinite(value) and value >= 0):
        return Text("缺测，不计算", "missing, so there is none")
    name, limit = standard.table.classes[target - 1], written(row.limits[target - 1])
    return Text(f"不超过{name}类限值 {limit} {row.unit}", f"does not exceed {limit} {row.unit}, the limit of {name}")
