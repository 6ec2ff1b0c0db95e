"""How the comparison of two editions came about: good days of each, which are lost, and which items cost them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from qingchuan.processing.air.comparison import NOT_STAGED, Column, LostDays, compare_editions
from qingchuan.processing.air.wording import named, number, shown
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, AmbientAirLimits, Text
from qingchuan.processing.standards.air_limits import Grade
from qingchuan.processing.wording import many


def explain_edition_comparison(
    days: Mapping[str, Scaled],
    dates: Days,
    first: AirQualityIndex,
    second: AirQualityIndex,
    limits: AmbientAirLimits,
    rules: AirAssessment,
    *,
    grade: Grade,
    on: date,
) -> Explanation:
    """How many good days of one place stay good under another edition, and under later limits.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        [scaled]
    dates, first, second, limits, rules, grade, on
        As `compare_editions` has them.

    Returns
    -------
    Explanation
        Its value are the good days of `first` that stay good under `second`. Its parts are the four columns, then the
        days lost by `second` and by the limits, each with the items that cost them.

    Raises
    ------
    ValueError, LookupError
        As `compare_editions` raises them.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> old, new = (standards.load(f"hj633_{year}", standards.AirQualityIndex) for year in (2012, 2026))
    >>> limits = standards.load("gb3095_2026", standards.AmbientAirLimits)
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> days = {item: np.full(3, 10, np.uint16) for item in rules.basic.day}
    >>> days["pm25"] = np.array([50, 60, 75], np.uint16)
    >>> dates = np.array(["2026-02-27", "2026-02-28", "2026-03-01"], "datetime64[D]")
    >>> told = explain_edition_comparison(days, dates, old, new, limits, rules, grade=2, on=date(2031, 1, 1))
    >>> told.value, told.parts[4].rule.zh, told.parts[4].parts[0].name.zh
    (2, '按HJ 633—2012为优良、按HJ 633—2026不是优良的天数', '细颗粒物所致')
    """
    found = compare_editions(days, dates, first, second, limits, rules, grade=grade, on=on)
    by_second, by_limits = found.lost_by_second, found.lost_by_limits
    start = found.first
    return Explanation(
        name=Text("两版标准优良天数对比", "good days under two editions"),
        value=int(by_second.kept),
        unit="d",
        rule=Text(
            f"按{start.name.zh}优良{int(start.rate.good)}天，其中{_kept_zh(by_second, found.second)}；"
            f"{_kept_zh(by_limits, found.limits)}",
            f"{many(int(start.rate.good), 'good day')} by {start.name.en}; {_kept_en(by_second, found.second)}; "
            f"{_kept_en(by_limits, found.limits)}",
        ),
        source=Source.of(second, second.table),
        valid=int(found.second.rate.valid),
        expected=found.second.rate.days,
        parts=(
            _column(start, Source.of(first, first.table)),
            _column(found.second, Source.of(second, second.table)),
            _column(found.limits, Source.of(limits, limits.table)),
            _column(found.own, None),
            _lost(by_second, start, found.second, rules),
            _lost(by_limits, start, found.limits, rules),
        ),
    )


def _kept_zh(lost: LostDays, column: Column) -> str:
    return f"按{column.name.zh}仍为优良{int(lost.kept)}天、不再优良{int(lost.days)}天"


def _kept_en(lost: LostDays, column: Column) -> str:
    return f"{int(lost.kept)} stay good by {column.name.en}, {int(lost.days)} do not"


def _column(column: Column, source: Source | None) -> Explanation:
    """Good-air rate of a column."""
    rate = column.rate
    good, valid, told = int(rate.good), int(rate.valid), shown(int(rate.rate), rate.decimals)
    rule = Text(
        f"优良天数{good}天÷有效天数{valid}天×100%={told}%",
        f"{many(good, 'good day')} out of {valid} that count: {told} %",
    )
    if not valid:
        rule = Text("时段内无有效天数", "no day of the period counts")
    if column.aqi is None:
        rule = Text(f"{rule.zh}；{NOT_STAGED.zh}", f"{rule.en}; {NOT_STAGED.en}")
    return Explanation(
        name=Text(f"优良天数比例（{column.name.zh}）", f"good-air rate by {column.name.en}"),
        value=number(int(rate.rate), rate.decimals),
        unit="%",
        rule=rule,
        source=source,
        exact=Fraction(100 * good, valid) if valid else None,
        decimals=rate.decimals,
        valid=valid,
        expected=rate.days,
    )


def _lost(lost: LostDays, before: Column, after: Column, rules: AirAssessment) -> Explanation:
    return Explanation(
        name=Text(f"不再优良的天数（{after.name.zh}）", f"good days lost by {after.name.en}"),
        value=int(lost.days),
        unit="d",
        rule=Text(
            f"按{before.name.zh}为优良、按{after.name.zh}不是优良的天数",
            f"days that are good by {before.name.en} and not by {after.name.en}",
        ),
        parts=tuple(_item(item, lost, rules) for item, days in lost.item_days.items() if days),
    )


def _item(item: str, lost: LostDays, rules: AirAssessment) -> Explanation:
    name, alone = named(item, rules).name, int(lost.alone_days[item])
    return Explanation(
        name=Text(f"{name.zh}所致", f"by {name.en}"),
        value=int(lost.item_days[item]),
        unit="d",
        rule=Text(
            f"该项目超出优良范围的天数，其中仅此一项超出的{alone}天；多项同时超出的各计一次",
            f"days on which the item is beyond what is good, {alone} of them alone; a day counts for each such item",
        ),
    )
