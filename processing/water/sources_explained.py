"""How the verdict on a source of drinking water came about, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import item_classes
from qingchuan.processing.water.compliance import COMPLIES, NOT_EVALUATED
from qingchuan.processing.water.items_explained import explain_item
from qingchuan.processing.water.sources import assess_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody


def explain_source(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> Explanation:
    """How the verdict on one source of drinking water came about.

    Parameters
    ----------
    values : array_like of float, shape (items,)
        As `assess_sources` has them. [unit of the item]
    items, water_body, standard, measures
        As `assess_sources` has them.

    Returns
    -------
    Explanation
        Its value is 达标 or 未达标; its parts are the items that decide.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> told = explain_source([0.1, 0.12], ("tp", "manganese"), "river", gb3838, measures)
    >>> told.value, told.rule.zh, told.parts[1].rule.zh
    ('未达标', '2 项参评，1 项超标：锰', '0.12 mg/L 超过限值 0.1')
    """
    values = np.asarray(values, dtype=np.float64)
    found = assess_sources(values, items, water_body, standard, measures)
    over = [catalogue.item(item) for item, exceeds in zip(items, found.exceeding, strict=True) if exceeds]
    judged = int(found.judged.sum())
    verdict = int(found.complies)
    classes = item_classes(values, items, water_body, standard)
    zh = f"，{len(over)} 项超标：{'、'.join(item.name_zh for item in over)}" if over else "，均不超标"
    en = f", {len(over)} exceed: {', '.join(item.name_en for item in over)}" if over else ", none exceeds"
    return Explanation(
        name=Text("饮用水水源达标", "source of drinking water"),
        value=None if verdict == NOT_EVALUATED else "达标" if verdict == COMPLIES else "未达标",
        rule=Text(f"{judged} 项参评{zh}", f"{judged} items decide{en}")
        if judged
        else Text("没有参评项目，不评价", "no item that decides was measured"),
        source=Source.of(measures, measures.drinking_water),
        valid=judged,
        parts=tuple(
            _item(float(values[place]), items[place], int(classes[place]), water_body, standard)
            for place in np.flatnonzero(found.judged).tolist()
        ),
    )


def _item(value: float, item: str, number: int, water_body: WaterBody, standard: SurfaceWaterClasses) -> Explanation:
    rows = [row for row in standard.sources.rows if row.item == item]
    if not rows:
        return explain_item(value, item, number, water_body, standard)
    limit, entry, shown = rows[0].limit, catalogue.item(item), f"{value:g} {rows[0].unit}"
    exceeds = value > limit
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=value,
        unit=entry.unit,
        rule=Text(
            f"{shown} {'超过' if exceeds else '不超过'}限值 {limit:g}",
            f"{shown} {'exceeds' if exceeds else 'does not exceed'} the limit {limit:g}",
        ),
        source=Source.of(standard, standard.sources),
        limit=limit,
    )
