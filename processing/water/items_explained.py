"""How the class of one item came about: the limit it misses, and the one it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import NO_CLASS

if TYPE_CHECKING:
    from qingchuan.processing.standards import SurfaceWaterClasses
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit


def explain_item(
    value: float, item: str, number: int, water_body: WaterBody, standard: SurfaceWaterClasses
) -> Explanation:
    """How the class of one item came about.

    Parameters
    ----------
    value : float
        [unit of the item] NaN where missing.
    item : str
        Key of the catalogue.
    number : int
        Its class, as `item_classes` has it; 0 where there is none.
    water_body : {"river", "lake"}
    standard : SurfaceWaterClasses
        The edition of GB 3838.

    Returns
    -------
    Explanation
        Its value is the concentration, its limit the last one that it misses: that of the class better than its own, or
        of Ⅰ, which it meets, where it is of class Ⅰ; none within a range, whose both ends the sentence tells.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> told = explain_item(1.9, "do", 6, "river", standard)
    >>> told.limit, told.rule.zh
    (2.0, '1.9 mg/L 低于Ⅴ类限值 2，劣于Ⅴ类')
    """
    entry, row = catalogue.item(item), standard.limit(item, water_body)
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=None if np.isnan(value) else value,
        unit=entry.unit,
        rule=_rule(value, number, row, standard),
        source=None if row is None else Source.of(standard, standard.table),
        limit=_limit(value, number, row),
    )


def _limit(value: float, number: int, row: WaterLimit | None) -> float | None:
    if row is None or number == NO_CLASS:
        return None
    if row.compare == "within":
        return None if number == 1 else min(row.limits, key=lambda bound: abs(bound - value))
    return row.limits[max(number - 2, 0)]


def _rule(value: float, number: int, row: WaterLimit | None, standard: SurfaceWaterClasses) -> Text:
    if row is None:
        return Text(f"{standard.document} 未规定限值，不评价", f"{standard.document} sets no limit: it is not judged")
    if number == NO_CLASS:
        return Text("缺测或为负值，不参评", "missing or negative: it does not judge")
    compared = _within(number, row) if row.compare == "within" else _against_classes(value, number, row, standard)
    shown, best, last = f"{written(value)} {row.unit}".strip(), standard.table.classes, standard.table.classes[-1]
    if number == standard.worst:
        return Text(f"{shown} {compared.zh}，劣于{last}类", f"{shown} {compared.en}: worse than {last}")
    name = best[number - 1]
    return Text(f"{shown} {compared.zh}，为{name}类", f"{shown} {compared.en}: class {name}")


def _within(number: int, row: WaterLimit) -> Text:
    least, most = (written(bound) for bound in row.limits)
    if number == 1:
        return Text(f"在 {least}～{most} 之内", f"lies within {least} … {most}")
    return Text(f"超出 {least}～{most}", f"lies outside {least} … {most}")


def _against_classes(value: float, number: int, row: WaterLimit, standard: SurfaceWaterClasses) -> Text:
    """What is missed and what is met: the limits on both sides of the value."""
    at_least = row.compare == "at_least"
    zh, en = [], []
    if number > 1:
        name, limit = standard.table.classes[number - 2], written(row.limits[number - 2])
        zh.append(f"{'低于' if at_least else '超过'}{name}类限值 {limit}")
        en.append(f"{'is below' if at_least else 'exceeds'} {limit}, the limit of {name}")
    if number < standard.worst:
        name, limit = standard.table.classes[number - 1], written(row.limits[number - 1])
        if at_least and value < row.limits[number - 1]:
            zh.append(f"低于{name}类限值 {limit}，但饱和率达到 {standard.saturation.share:g}%")
            en.append(f"is below {limit}, the limit of {name}, but {standard.saturation.share:g} % of saturation")
        else:
            zh.append(f"{'不低于' if at_least else '不超过'}{name}类限值 {limit}")
            en.append(f"{'is not below' if at_least else 'does not exceed'} {limit}, the limit of {name}")
    return Text("，".join(zh), ", ".join(en))
