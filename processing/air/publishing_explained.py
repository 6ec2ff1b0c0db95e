"""Why AQI, primary pollutants and level are published or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qingchuan.processing import catalogue
from qingchuan.processing.air.aqi import AirQuality
from qingchuan.processing.air.publishing import published_by_plan
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import AirQualityIndex, Text

_PUBLISHED = Text("发布", "published")
_NOT_PUBLISHED = Text("不发布", "not published")
_PRESENT = Text("有分指数", "has an index")


def explain_published_by_plan(air: AirQuality, left_out: ArrayLike, standard: AirQualityIndex) -> Explanation:
    """Why AQI, primary pollutants and level of one hour or day are published or not.

    Parameters
    ----------
    air : AirQuality
        Without leading axes.
    left_out : array_like of bool, shape (items,)
        As `published_by_plan` has it.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    Explanation
        Its parts are the items of the report, each with its index or with what stands for it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.aqi import evaluate
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> day = {"no2": 30, "pm10": 40, "pm25": 20, "co": 5, "o3_8h": 90}
    >>> air = evaluate({item: np.uint16(value) for item, value in day.items()}, "day", standard)
    >>> told = explain_published_by_plan(air, [item == "so2" for item in air.items], standard)
    >>> told.value.zh, told.rule.zh, told.parts[0].rule.zh
    ('发布', '二氧化硫按监测方案未开展监测，不影响发布；其余各项均有分指数', '监测方案未开展，以“/”标识')
    >>> explain_published_by_plan(air, False, standard).rule.zh
    '缺二氧化硫；AQI为45，不大于100，仅发布单项污染物浓度及分指数，AQI等以NA标识'
    """
    marked = np.broadcast_to(np.asarray(left_out, dtype=np.bool_), air.iaqi.shape)
    rule, by_plan = standard.publishing.not_monitored, marked & (air.iaqi < 0)
    by_plan = by_plan if rule is not None else np.zeros_like(by_plan)
    planned = [item for item, left in zip(air.items, by_plan.tolist(), strict=True) if left]
    absent = [item for item, index in zip(air.items, air.iaqi.tolist(), strict=True) if index < 0]
    absent = [item for item in absent if item not in planned]
    published = bool(published_by_plan(air, left_out, standard))
    decides = standard.publishing if rule is None or not planned or absent else rule
    return Explanation(
        name=Text("AQI、首要污染物和级别的发布", "publishing of AQI, primary pollutants and level"),
        value=_PUBLISHED if published else _NOT_PUBLISHED,
        rule=_rule(int(air.aqi), absent, planned, standard),
        source=Source.of(standard, decides),
        valid=len(air.items) - len(absent) - len(planned),
        expected=len(air.items),
        limit=standard.publishing.incomplete_above,
        parts=tuple(
            _item(item, index, standard, by_plan=item in planned)
            for item, index in zip(air.items, air.iaqi.tolist(), strict=True)
        ),
    )


def _rule(aqi: int, absent: Sequence[str], planned: Sequence[str], standard: AirQualityIndex) -> Text:
    if aqi < 0:
        return Text("无AQI，不发布", "there is no AQI to publish")
    if not absent and not planned:
        return Text("各项均有分指数", "every item has an index")
    plan = Text(
        f"{_names(planned).zh}按监测方案未开展监测",
        f"not monitored by plan, which does not matter: {_names(planned).en}",
    )
    if not absent:
        return Text(f"{plan.zh}，不影响发布；其余各项均有分指数", f"{plan.en}; every other item has an index")
    gaps = Text(f"缺{_names(absent).zh}", f"missing: {_names(absent).en}")
    if planned:
        gaps = Text(f"{plan.zh}，{gaps.zh}", f"{plan.en}; {gaps.en}")
    return Text(f"{gaps.zh}；{_incomplete(aqi, standard).zh}", f"{gaps.en}; {_incomplete(aqi, standard).en}")


def _incomplete(aqi: int, standard: AirQualityIndex) -> Text:
    """What holds of an AQI that lacks an item."""
    above, mark = standard.publishing.incomplete_above, standard.publishing.missing
    if above is None:
        return Text(
            "按已测项目计算并发布，注明缺项", "the AQI of the others is published, and what is missing is named"
        )
    if aqi > above:
        return Text(f"AQI为{aqi}，大于{above}，仍发布", f"the AQI is {aqi}, above {above}: published all the same")
    return Text(
        f"AQI为{aqi}，不大于{above}，仅发布单项污染物浓度及分指数，AQI等以{mark}标识",
        f"the AQI is {aqi}, not above {above}: only concentrations and indices of items are, the AQI shows {mark}",
    )


def _item(item: str, index: int, standard: AirQualityIndex, *, by_plan: bool) -> Explanation:
    entry, rule = catalogue.item(item), standard.publishing.not_monitored
    mark = standard.publishing.missing
    told, source = Text(f"无分指数，以{mark}标识", f"has no index: {mark}"), Source.of(standard, standard.publishing)
    if index >= 0:
        told = _PRESENT
    elif by_plan and rule is not None:
        told = Text(f"监测方案未开展，以“{rule.mark}”标识", f"not monitored by plan: {rule.mark}")
        source = Source.of(standard, rule)
    return Explanation(
        name=Text(f"{entry.name_zh}空气质量分指数", f"individual index of {entry.name_en}"),
        value=index if index >= 0 else None,
        rule=told,
        source=source,
    )


def _names(items: Sequence[str]) -> Text:
    entries = [catalogue.item(item) for item in items]
    return Text("、".join(entry.name_zh for entry in entries), ", ".join(entry.name_en for entry in entries))
