"""How the budget of a section for the rest of the year came about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.budget import (
    NOT_ASKED,
    OPEN,
    OUT_OF_REACH,
    SAFE,
    SectionBudget,
    edge,
    section_budget,
    year_so_far,
)
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.detection_explained import explain_below_detection, shaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit

_STATES = {
    NOT_ASKED: Text("无需测算", "nothing to say"),
    OPEN: Text("可以达标", "within reach"),
    SAFE: Text("确定达标", "met"),
    OUT_OF_REACH: Text("无法达标", "out of reach"),
}

_DIGITS = 9
"""Decimals of a sum of means that are shown: more than any reading has."""


def explain_section_budget(
    samples: ArrayLike,
    remaining: int,
    target: int,
    items: Sequence[str],
    water_body: WaterBody,
    limits: SurfaceWaterClasses,
    rules: WaterRounding,
    below: ArrayLike | None = None,
) -> Explanation:
    """How the budget of one section came about.

    Parameters
    ----------
    samples : array_like of float, shape (items, months, samples)
        [unit of the item] NaN where missing.
    remaining, target, items, water_body, limits, rules
        As `section_budget` has them, of one section.
    below : array_like of bool, broadcastable to the shape of `samples`, or None
        Where less than the detection limit was found, so that the sample is a share of that; None for nowhere.

    Returns
    -------
    Explanation
        Its value says whether the target is within reach of all items; a part an item, with its samples below a
        detection limit as parts.

    Raises
    ------
    LookupError, ValueError
        As `section_budget` raises them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> told = explain_section_budget([[[1.02]] * 10], 2, 3, ("nh3n",), "river", limits, rules)
    >>> told.value.zh, told.parts[0].rule.zh
    ('可以达标', '已有10个月合计10.2，全年12个月均值不高于1.005即修约达标，余2个月均值不得高于0.93 mg/L')
    """
    found = section_budget(samples, remaining, target, items, water_body, limits, rules)
    given = counting(np.asarray(samples, dtype=np.float64), items)
    halved = shaped(below, given)
    parts = []
    for place, item in enumerate(items):
        row = limits.limit(item, water_body)
        values = np.where(np.isfinite(given[place]), given[place], np.nan)
        told = _item(found, place, item, row, values, remaining, target, rules)
        parts.append(replace(told, parts=(*told.parts, *explain_below_detection(values, halved[place], item, rules))))
    return Explanation(
        name=Text("年度达标余量", "budget of the section for the year"),
        value=_STATES[_whole(found)],
        rule=_rule(found, items, remaining),
        source=Source.of(limits, limits.table),
        valid=int(found.months.max(initial=0)),
        expected=int(found.months.max(initial=0)) + remaining,
        parts=tuple(parts),
    )


def _whole(found: SectionBudget) -> int:
    states = set(found.state.tolist()) - {NOT_ASKED}
    return next((state for state in (OUT_OF_REACH, OPEN, SAFE) if state in states), NOT_ASKED)


def _rule(found: SectionBudget, items: Sequence[str], remaining: int) -> Text:
    state = _whole(found)
    named = [item for item, one in zip(items, found.state.tolist(), strict=True) if one == state]
    zh = "、".join(catalogue.item(item).name_zh for item in named)
    en = ", ".join(catalogue.item(item).name_en for item in named)
    sentences = {
        NOT_ASKED: Text("无水质目标或无可测算项目", "no target, or no item to compute it for"),
        OPEN: Text(f"余{remaining}个月须控制{zh}", f"{en} must keep within their bounds over {remaining} months"),
        SAFE: Text("各项目全年均值必达目标", "every item meets the target whatever comes"),
        OUT_OF_REACH: Text(f"{zh}全年均值已无法达到目标", f"{en} miss the target whatever comes"),
    }
    return sentences[state]


def _item(
    found: SectionBudget,
    place: int,
    item: str,
    row: WaterLimit | None,
    values: NDArray[np.float64],
    remaining: int,
    target: int,
    rules: WaterRounding,
) -> Explanation:
    entry, state = catalogue.item(item), int(found.state[place])
    name = Text(f"{entry.name_zh}余量", f"budget of {entry.name_en}")
    if row is None or state == NOT_ASKED:
        return Explanation(name=name, value=None, rule=Text("不测算", "not computed"))
    (total, months), *_ = year_so_far(values[np.newaxis])
    goal = edge(row, target, rules)
    side = Text("不低于", "at least") if row.compare == "at_least" else Text("不高于", "at most")
    strict = Text("高于", "above") if row.compare == "at_least" else Text("低于", "below")
    bound, so_far = written(float(goal.mean)), written(round(float(total), _DIGITS))
    reach = Text(f"{(side if goal.meets else strict).zh}{bound}", f"{(side if goal.meets else strict).en} {bound}")
    value = None if np.isnan(found.bound[place]) else float(found.bound[place])
    end = _end(state, remaining, f"{written(value)} {entry.unit}" if value is not None else "", side)
    return Explanation(
        name=name,
        value=value,
        unit=entry.unit,
        rule=Text(
            f"已有{months}个月合计{so_far}，全年{months + remaining}个月均值{reach.zh}即修约达标，{end.zh}",
            f"{months} months sum to {so_far}; the mean of {months + remaining} rounds to the target "
            f"when it is {reach.en}; {end.en}",
        ),
        source=Source.of(rules, rules.table),
        decimals=rules.evaluation(item),
        valid=months,
        expected=months + remaining,
        limit=row.limits[target - 1],
    )


def _end(state: int, remaining: int, bound: str, side: Text) -> Text:
    if state == OPEN:
        must = "不得" + side.zh.removeprefix("不")
        return Text(f"余{remaining}个月均值{must}{bound}", f"{remaining} months must have a mean of {side.en} {bound}")
    return _STATES[state]
