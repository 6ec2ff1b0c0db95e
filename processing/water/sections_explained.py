"""How the class of a section came about: each item against its limits, what decides, and by how much it exceeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.items_explained import explain_item
from qingchuan.processing.water.means import period_means
from qingchuan.processing.water.means_explained import explain_period_mean
from qingchuan.processing.water.sections import SectionAssessment, assess_sections
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody


def explain_section_class(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: int,
    judging: Sequence[str],
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    saturated: ArrayLike | None = None,
) -> Explanation:
    """How the class of one section came about.

    Parameters
    ----------
    values : array_like of float, shape (items,)
        As `assess_sections` has them. [unit of the item]
    items, water_body, target, judging, standard, measures, saturated
        As `assess_sections` has them.

    Returns
    -------
    Explanation
        Its value is the name of the class, such as Ⅳ; its parts are the items that judge, in the order of `items`.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> items = ("ph", "do", "codmn", "nh3n")
    >>> told = explain_section_class([6.97, 5.85, 6.3, 0.32], items, "river", 3, items, gb3838, measures)
    >>> told.value.zh, told.rule.zh.split("；")
    ('Ⅳ', ['4 项参评，单因子评价：定类项目为高锰酸盐指数，水质符合Ⅳ类，轻度污染', '主要污染指标：高锰酸盐指数(0.05)',
     '未达到Ⅲ类目标'])
    >>> told.parts[2].rule.zh
    '6.3 mg/L 超过Ⅲ类限值 6，不超过Ⅳ类限值 10，为Ⅳ类'
    """
    values = np.asarray(values, dtype=np.float64)
    found = assess_sections(values, items, water_body, target, judging, standard, measures, saturated)
    judged = [place for place, item in enumerate(items) if item in judging]
    status = found.status(measures)
    return Explanation(
        name=Text("断面水质类别", "class of the section"),
        value=None if status is None else status.label,
        rule=_section_rule(found, target, measures),
        source=Source.of(measures, measures.classes),
        valid=int((found.classes > NO_CLASS).sum()),
        expected=len(judging),
        parts=tuple(
            explain_item(float(values[place]), items[place], int(found.classes[place]), water_body, standard)
            for place in judged
        ),
    )


def explain_section_period(
    samples: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: int,
    at_least: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    rounding: WaterRounding,
) -> Explanation:
    """How the class of one section over a period came about, from the samples on.

    Parameters
    ----------
    samples : array_like of float, shape (items, samples)
        As `period_means` has them. [unit of the item]
    items, water_body, target, standard, measures
        As `assess_sections` has them; the items that judge are `measures.indicators.items`.
    at_least : int
        How many samples a mean needs. [-]
    rounding : WaterRounding
        The edition of 总站水字〔2020〕90号.

    Returns
    -------
    Explanation
        As `explain_section_class` tells it; each item has its mean as its part.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> told = explain_section_period([[0.2, 0.2006]], ("tp",), "river", 3, 1, gb3838, measures, rounding)
    >>> told.value.zh, told.parts[0].value, told.parts[0].parts[0].exact
    ('Ⅲ', 0.2, Fraction(2003, 10000))
    """
    samples = np.asarray(samples, dtype=np.float64)
    means = period_means(samples, items, rounding, at_least)
    judging = measures.indicators.items
    told = explain_section_class(means.values, items, water_body, target, judging, standard, measures)
    rows = [row for row, item in zip(samples, items, strict=True) if item in judging]
    keys = [item for item in items if item in judging]
    parts = tuple(
        replace(part, parts=(explain_period_mean(row, item, rounding, at_least),))
        for part, row, item in zip(told.parts, rows, keys, strict=True)
    )
    return replace(told, parts=parts)


def _section_rule(found: SectionAssessment, target: int, measures: WaterStatus) -> Text:
    status, judged = found.status(measures), int((found.classes > NO_CLASS).sum())
    if status is None:
        return Text("参评项目全部缺测，不评价", "no item that judges has a value: there is no class")
    deciding, meets = _deciding(found, measures), _meets(status.number, measures)
    zh = [f"{judged} 项参评，单因子评价：{deciding.zh}，水质{meets}，{status.status.zh}"]
    en = [f"{many(judged, 'item')} judged, the worst decides: {deciding.en}; class {status.en}, {status.status.en}"]
    if found.named():
        zh.append(f"主要污染指标：{'、'.join(_named(found, 'zh'))}")
        en.append(f"main pollutants: {', '.join(_named(found, 'en'))}")
    if target:
        name = measures.classes.rows[target - 1].name
        reached = int(found.section) <= target
        zh.append(f"{'达到' if reached else '未达到'}{name}类目标")
        en.append(f"{'reaches' if reached else 'misses'} its target of class {name}")
    return Text("；".join(zh), "; ".join(en))


def _deciding(found: SectionAssessment, measures: WaterStatus) -> Text:
    keys = [item for item, decides in zip(found.items, found.deciding.tolist(), strict=True) if decides]
    if not keys:
        best = measures.classes.rows[0].label
        return Text(f"各项均为{best.zh}类", f"all of them are of class {best.en}")
    entries = [catalogue.item(key) for key in keys]
    zh, en = "、".join(entry.name_zh for entry in entries), ", ".join(entry.name_en for entry in entries)
    return Text(f"定类项目为{zh}", f"the worst is {en}" if len(keys) == 1 else f"the worst are {en}")


def _meets(number: int, measures: WaterStatus) -> str:
    """符合Ⅳ类, 劣于Ⅴ类: the words of the document."""
    rows = measures.classes.rows
    return f"劣于{rows[-2].name}类" if number == len(rows) else f"符合{rows[number - 1].name}类"


def _named(found: SectionAssessment, language: str) -> list[str]:
    """Main pollutants with their multiples, where they have one."""
    told = []
    for item in found.named():
        multiple = float(found.multiples[found.items.index(item)])
        name = catalogue.item(item).name_zh if language == "zh" else f"{catalogue.item(item).name_en} "
        told.append(name.strip() if np.isnan(multiple) else f"{name}({written(multiple)})")
    return told
