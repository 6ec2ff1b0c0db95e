"""Why a place attains the standard by all basic items, or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from qingchuan.processing.air.attainment import period_attainment
from qingchuan.processing.air.attainment_explained import ATTAINED, EXCEEDED, Judging, explain_period_attainment
from qingchuan.processing.air.combined_attainment import combined_attainment, in_order, region_attainment
from qingchuan.processing.air.statistics import period_statistics
from qingchuan.processing.air.wording import named, period_name, shown
from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import AirAssessment, Text


def explain_combined_attainment(
    days: Mapping[str, Scaled], dates: Days, period: CalendarPeriod, judging: Judging
) -> Explanation:
    """Why a place attains the standard by all basic items, or not.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        Daily values of one place; an item that is left out is missing. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
    period : CalendarPeriod
    judging : Judging

    Returns
    -------
    Explanation
        Its rule names the items that exceed, the largest multiple first, and those that are missing.

    Examples
    --------
    >>> from datetime import date
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year = year_of(date(2025, 1, 1))
    >>> judging = Judging(standards.in_force("gb3095", year.last), standards.in_force("hj663", year.last), 2, year.last)
    >>> clean = {item: np.full(365, 5, np.uint16) for item in judging.rules.basic.day if item != "co"}
    >>> told = explain_combined_attainment(clean, year.dates, year, judging)
    >>> told.value.zh, told.rule.zh
    ('不达标', '已测项目均达标；一氧化碳缺测或不满足有效性要求，综合评价按不达标处理')
    """
    rules = judging.rules
    basic = {item: values for item, values in days.items() if item in rules.basic.day}
    found = period_statistics(basic, dates, period, rules)
    judged = {
        item: period_attainment(statistics, judging.limits, rules, grade=judging.grade, on=judging.on)
        for item, statistics in found.items()
    }
    combined, of = combined_attainment(judged, rules), period_name(period)
    missing = [named(item, rules).name for item, gone in zip(combined.items, combined.missing, strict=True) if gone]
    exceeding = [
        (named(item, rules).name, shown(multiple, rules.decimals.multiple)) for item, multiple in in_order(combined)
    ]
    return Explanation(
        name=Text(f"{of.zh}多项目综合评价", f"combined evaluation, {of.en}"),
        value=_verdict(combined.attained),
        rule=_combined_rule(exceeding, missing),
        source=Source.of(rules, rules.completeness),
        valid=len(combined.items) - len(missing),
        expected=len(combined.items),
        parts=tuple(explain_period_attainment(item, values, dates, period, judging) for item, values in basic.items()),
    )


def explain_region_attainment(areas: Sequence[tuple[Text, bool]], rules: AirAssessment) -> Explanation:
    """Why a region attains the standard, or not.

    Parameters
    ----------
    areas : sequence of (Text, bool)
        Each city, and each regional station outside the cities, with its `attained`.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its parts are the areas.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> cities = [(Text("宁波", "Ningbo"), True), (Text("杭州", "Hangzhou"), False)]
    >>> told = explain_region_attainment(cities, rules)
    >>> told.value.zh, told.rule.zh
    ('不达标', '共2个城市或区域点，其中杭州不达标；任一超标即为区域超标')
    """
    not_attained = [name for name, attained in areas if not attained]
    zh, en = f"共{len(areas)}个城市或区域点", f"{len(areas)} cities or regional stations"
    rule = Text(f"{zh}，均达标", f"{en}, all attain the standard")
    if not_attained:
        rule = Text(
            f"{zh}，其中{'、'.join(name.zh for name in not_attained)}不达标；任一超标即为区域超标",
            f"{en}; {', '.join(name.en for name in not_attained)} not: one is enough for the region not to attain it",
        )
    if not areas:
        rule = Text("区域内无参评城市或区域点", "no city or regional station of the region is evaluated")
    return Explanation(
        name=Text("区域环境空气质量达标评价", "attainment of the region"),
        value=_verdict(region_attainment([attained for _, attained in areas])),
        rule=rule,
        source=Source.of(rules, rules.attainment),
        valid=len(areas) - len(not_attained),
        expected=len(areas),
        parts=tuple(
            Explanation(name=name, value=_verdict(attained), rule=Text("综合评价结果", "of all items together"))
            for name, attained in areas
        ),
    )


def _verdict(attained: ArrayLike) -> Text:
    return ATTAINED if attained else EXCEEDED


def _combined_rule(exceeding: list[tuple[Text, str]], missing: list[Text]) -> Text:
    absent = Text(
        f"；{'、'.join(name.zh for name in missing)}缺测或不满足有效性要求，综合评价按不达标处理" if missing else "",
        f"; missing or not valid, so that all is not attained: {', '.join(name.en for name in missing)}"
        if missing
        else "",
    )
    if not exceeding:
        told = (
            Text("已测项目均达标", "all that was measured is attained")
            if missing
            else Text("所有基本评价项目均达标", "all basic items are attained")
        )
        return Text(told.zh + absent.zh, told.en + absent.en)
    return Text(
        "超标项目及超标倍数：" + "、".join(f"{name.zh}（{multiple}）" for name, multiple in exceeding) + absent.zh,
        "exceeding, with their multiples: "
        + ", ".join(f"{name.en} ({multiple})" for name, multiple in exceeding)
        + absent.en,
    )
