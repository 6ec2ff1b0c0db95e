"""How the status of a river or lake came about: its sections, and their mean or their shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.items_explained import explain_item
from qingchuan.processing.water.lakes import assess_lake
from qingchuan.processing.water.rivers import RiverAssessment, assess_river
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody
    from qingchuan.processing.water.lakes import LakeAssessment
    from qingchuan.processing.water.sections import SectionAssessment


def explain_river(
    samples: ArrayLike,
    items: Sequence[str],
    names: Sequence[Text],
    water_body: WaterBody,
    at_least: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    rounding: WaterRounding,
) -> Explanation:
    """How the status of one river or basin came about.

    Parameters
    ----------
    samples, items, water_body, at_least, standard, measures, rounding
        As `assess_river` has them.
    names : sequence of Text
        Names of the sections.

    Returns
    -------
    Explanation
        Its value is the status; its parts are the items by their means, where these decide, and then the
        classes of the sections.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> five = [[[4.0], [7.0], [8.0], [4.0], [5.0]]]
    >>> names = [Text(f"断面{number}", f"section {number}") for number in range(1, 6)]
    >>> told = explain_river(five, ("codmn",), names, "river", 1, gb3838, measures, rounding)
    >>> told.rule.zh
    '5 个断面中Ⅰ～Ⅲ类占 60%，劣Ⅴ类占 0%，水质状况为轻度污染；主要污染指标：高锰酸盐指数（断面超标率 40%）'
    """
    found = assess_river(samples, items, water_body, 0, at_least, standard, measures, rounding)
    return explain_judged_river(found, names, water_body, standard, measures)


def explain_judged_river(
    found: RiverAssessment,
    names: Sequence[Text],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> Explanation:
    """How the status of one river or basin came about that has been judged, as `explain_river` tells it.

    Parameters
    ----------
    found : RiverAssessment
    names, water_body, standard, measures
        As `explain_river` has them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> found = assess_river([[[3.0], [8.0]]], ("codmn",), "river", 0, 1, gb3838, measures, rounding)
    >>> names = Text("三江口", "Sanjiangkou"), Text("岑港河", "Cengang River")
    >>> told = explain_judged_river(found, names, "river", gb3838, measures)
    >>> told.value.zh, [getattr(part.value, "zh", part.value) for part in told.parts]
    ('良好', [5.5, 'Ⅱ', 'Ⅳ'])
    """
    parts = [] if found.means is None else _items(found, found.sections.items, water_body, standard)
    return Explanation(
        name=Text("河流水质状况", "status of the river"),
        value=found.status,
        rule=_rule(found, measures),
        source=Source.of(measures, measures.river),
        valid=int(found.shares.evaluated),
        expected=len(names),
        parts=(*parts, *_sections(found.sections, names, measures)),
    )


def explain_lake(
    samples: ArrayLike,
    items: Sequence[str],
    names: Sequence[Text],
    at_least: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    rounding: WaterRounding,
) -> Explanation:
    """How the status of one lake came about.

    Parameters
    ----------
    samples, items, at_least, standard, measures, rounding
        As `assess_lake` has them.
    names : sequence of Text
        Names of the points.

    Returns
    -------
    Explanation
        Its value is the status; its parts are the items by their means over the points, and then the classes
        of the points.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> names = Text("湖心", "centre"), Text("湖东", "east")
    >>> told = explain_lake([[[0.02, 0.04], [0.07] * 2]], ("tp",), names, 1, gb3838, measures, rounding)
    >>> told.value.zh, told.rule.zh
    ('良好', '先计算各点位的时间平均值，再计算 2 个点位的平均值，单因子评价为Ⅲ类，水质状况为良好')
    """
    found = assess_lake(samples, items, 0, at_least, standard, measures, rounding)
    return explain_judged_lake(found, names, standard, measures)


def explain_judged_lake(
    found: LakeAssessment, names: Sequence[Text], standard: SurfaceWaterClasses, measures: WaterStatus
) -> Explanation:
    """How the status of one lake came about that has been judged, as `explain_lake` tells it.

    Parameters
    ----------
    found : LakeAssessment
    names, standard, measures
        As `explain_lake` has them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> found = assess_lake([[[0.03], [0.07]]], ("tp",), 0, 1, gb3838, measures, rounding)
    >>> names = Text("湖心", "centre"), Text("湖东", "east")
    >>> [part.name.en for part in explain_judged_lake(found, names, gb3838, measures).parts]
    ['Total phosphorus', 'centre', 'east']
    """
    status = found.lake.status(measures)
    points = int((found.points.section > NO_CLASS).sum())
    rule = Text("没有点位参评，不评价", "no point has a class: there is no status")
    if status is not None:
        rule = Text(
            f"先计算各点位的时间平均值，再计算 {points} 个点位的平均值，"
            f"单因子评价为{status.name}类，水质状况为{status.status.zh}",
            f"means over time of each point, then over {many(points, 'point')}; the worst item is of class "
            f"{status.en}: {status.status.en}",
        )
    return Explanation(
        name=Text("湖库水质状况", "status of the lake"),
        value=None if status is None else status.status,
        rule=rule,
        source=Source.of(measures, measures.lakes),
        valid=points,
        expected=len(names),
        parts=(
            *(
                explain_item(value, item, number, "lake", standard)
                for value, item, number in _judged(found.means.values, found.lake, found.lake.items)
            ),
            *_sections(found.points, names, measures),
        ),
    )


def _items(
    found: RiverAssessment, items: Sequence[str], water_body: WaterBody, standard: SurfaceWaterClasses
) -> list[Explanation]:
    if found.means is None or found.mean is None:
        return []
    return [
        explain_item(value, item, number, water_body, standard)
        for value, item, number in _judged(found.means.values, found.mean, items)
    ]


def _judged(values: ArrayLike, found: SectionAssessment, items: Sequence[str]) -> list[tuple[float, str, int]]:
    rows = zip(np.asarray(values).tolist(), items, found.classes.tolist(), strict=True)
    return [row for row in rows if row[2] != NO_CLASS]


def _sections(found: SectionAssessment, names: Sequence[Text], measures: WaterStatus) -> list[Explanation]:
    return [_section(found, place, name, measures) for place, name in enumerate(names)]


def _section(found: SectionAssessment, place: int, name: Text, measures: WaterStatus) -> Explanation:
    status = found.status(measures, place)
    rule = Text("未监测或无有效数据，不参评", "not monitored or no valid value: it does not count")
    if status is not None:
        named = [catalogue.item(item) for item in found.named(place)]
        zh = f"；主要污染指标：{'、'.join(item.name_zh for item in named)}" if named else ""
        en = f"; main pollutants: {', '.join(item.name_en for item in named)}" if named else ""
        rule = Text(f"单因子评价，{status.status.zh}{zh}", f"by its worst item, {status.status.en}{en}")
    return Explanation(
        name=name,
        value=None if status is None else status.label,
        rule=rule,
        source=Source.of(measures, measures.classes),
    )


def _rule(found: RiverAssessment, measures: WaterStatus) -> Text:
    sections = int(found.shares.evaluated)
    if found.status is None:
        return Text("没有断面参评，不评价", "no section has a class: there is no status")
    if found.method == "mean":
        status = measures.classes.rows[found.number - 1]
        return Text(
            f"断面少于 {measures.river.few} 个，按 {sections} 个断面各项浓度的算术平均值单因子评价，"
            f"为{status.name}类，水质状况为{found.status.zh}",
            f"fewer than {measures.river.few} sections: the means of the items over {sections} sections are judged, "
            f"class {status.en}, {found.status.en}",
        )
    named = [(catalogue.item(each.item), each.rate) for each in found.main]
    zh = "、".join(f"{item.name_zh}（断面超标率 {rate:g}%）" for item, rate in named)
    en = ", ".join(f"{item.name_en} ({rate:g} % of the sections)" for item, rate in named)
    good, worst = float(found.shares.good), float(found.shares.worst)
    return Text(
        f"{sections} 个断面中Ⅰ～Ⅲ类占 {good:g}%，劣Ⅴ类占 {worst:g}%，水质状况为{found.status.zh}"
        + (f"；主要污染指标：{zh}" if zh else ""),
        f"of {sections} sections {good:g} % are of Ⅰ … Ⅲ and {worst:g} % worse than Ⅴ: {found.status.en}"
        + (f"; main pollutants: {en}" if en else ""),
    )
