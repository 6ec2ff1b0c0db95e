"""How a composite index came about: the concentration, the limit and the single index of each item, and their sum."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from qingchuan.processing import catalogue
from qingchuan.processing.air.composite_index import (
    CompositeIndex,
    composite_index,
    concentration,
    ranking_concentrations,
    single_index,
)
from qingchuan.processing.air.statistics_explained import explain_period_mean, explain_period_percentile
from qingchuan.processing.air.wording import number, period_name, shown
from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, CityAirRanking, Text
from qingchuan.processing.standards.city_ranking import IndexRow


def explain_composite_index(
    days: Mapping[str, Scaled], dates: Days, period: CalendarPeriod, rule: CityAirRanking, assessment: AirAssessment
) -> Explanation:
    """How the composite index of a city in a period came about.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        Daily values of the city. [scaled]
    dates, period, rule
        As `rank_period` has them.
    assessment : AirAssessment
        The edition of HJ 663 that means and percentiles are by.

    Returns
    -------
    Explanation
        Its parts are the single indices, the primary pollutant, and what is not confirmed of the rule.

    Examples
    --------
    >>> from datetime import date
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> month = month_of(date(2022, 2, 1))
    >>> rule, assessment = standards.in_force("hb2018_19", month.last), standards.in_force("hj663", month.last)
    >>> heyuan = {"so2": 3, "no2": 13, "pm10": 16, "pm25": 13, "co": 9, "o3_8h": 87}
    >>> days = {item: np.full(28, value, np.uint16) for item, value in heyuan.items()}
    >>> told = explain_composite_index(days, month.dates, month, rule, assessment)
    >>> told.value, told.rule.zh
    (1.73, '按环办监测〔2018〕19号，各单项指数修约后相加：0.05+0.32+0.23+0.37+0.22+0.54=1.73')
    >>> told.parts[5].rule.zh, told.parts[6].value.en
    ('87÷160=0.54375，按GB/T 8170修约为0.54', 'O₃-8h')
    """
    held = {item: values[..., period.holds(dates)] for item, values in days.items()}
    found = composite_index(ranking_concentrations(held, rule), rule)
    of = period_name(period)
    return Explanation(
        name=Text(f"{of.zh}环境空气质量综合指数", f"composite index of ambient air quality, {of.en}"),
        value=number(int(found.total), found.decimals),
        rule=_total_rule(found, rule),
        source=Source.of(rule, rule.index),
        exact=_exact_total(found, rule),
        decimals=found.decimals,
        parts=(
            *(
                explain_single_index(row.item, days.get(row.item), dates, period, rule, assessment)
                for row in rule.index.rows
            ),
            _primary(found, rule),
            *(_unconfirmed(text, rule) for text in rule.unconfirmed),
        ),
    )


def explain_single_index(
    item: str,
    days: Scaled | None,
    dates: Days,
    period: CalendarPeriod,
    rule: CityAirRanking,
    assessment: AirAssessment,
) -> Explanation:
    """How the single index of an item came about.

    Parameters
    ----------
    item : str
    days : ndarray of uint16, shape (days,), or None
        Daily values of the city; None where there are none. [scaled]
    dates, period, rule, assessment
        As `explain_composite_index` has them.

    Returns
    -------
    Explanation
        Its part is the concentration; its limit is what that was divided by.

    Raises
    ------
    LookupError
        The index does not have the item.

    Examples
    --------
    >>> import numpy as np
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> month, assessment = month_of(date(2022, 2, 1)), standards.in_force("hj663", date(2022, 2, 28))
    >>> rule = standards.in_force("hb2018_19", month.last)
    >>> told = explain_single_index("pm25", np.full(28, 13, np.uint16), month.dates, month, rule, assessment)
    >>> told.value, told.limit, told.rule.zh
    (0.37, 35.0, '13÷35=0.3714285714，按GB/T 8170修约为0.37')
    """
    row, entry = rule.index.row(item), catalogue.item(item)
    value = MISSING if days is None else int(concentration(days[..., period.holds(dates)], row))
    index, decimals = int(single_index(value, item, rule)), rule.index.decimals
    exact = None if value == MISSING else value * row.factor(0)
    weight = Text("", "") if row.weight == 1 else Text(f"，权重{row.weight:g}", f", weight {row.weight:g}")
    return Explanation(
        name=Text(f"{entry.name_zh}单项指数", f"single index of {entry.name_en.lower()}"),
        value=number(index, decimals),
        rule=_missing() if exact is None else _quotient(value, row, exact, shown(index, decimals), weight),
        source=Source.of(rule, rule.index),
        exact=exact,
        decimals=decimals,
        limit=row.limit,
        parts=() if days is None else (_concentration(days, dates, period, row, assessment),),
    )


def _concentration(
    days: Scaled, dates: Days, period: CalendarPeriod, row: IndexRow, assessment: AirAssessment
) -> Explanation:
    explain = explain_period_mean if row.percent is None else explain_period_percentile
    return explain(row.item, days, dates, period, assessment, decimals=row.more_decimals)


def _quotient(value: int, row: IndexRow, exact: Fraction, told: str, weight: Text) -> Text:
    quotient = f"{shown(value, row.decimals)}÷{row.limit:g}={float(exact):.10g}"
    return Text(
        f"{quotient}，按GB/T 8170修约为{told}{weight.zh}", f"{quotient}, rounded half to even to {told}{weight.en}"
    )


def _total_rule(found: CompositeIndex, rule: CityAirRanking) -> Text:
    called, total = rule.called, shown(int(found.total), found.decimals)
    absent = [item for item, single in zip(found.items, found.single.tolist(), strict=True) if single < 0]
    if absent:
        symbols = [catalogue.item(item).symbol for item in absent]
        return Text(
            f"{'、'.join(symbols)}无有效日值，不计算综合指数",
            f"no day of {', '.join(symbols)} is valid: there is no composite index",
        )
    terms = [
        f"{'' if row.weight == 1 else f'{row.weight:g}×'}{shown(single, found.decimals)}"
        for row, single in zip(rule.index.rows, found.single.tolist(), strict=True)
    ]
    sum_of = f"{'+'.join(terms)}={total}"
    return Text(
        f"按{called.zh}，各单项指数修约后{'加权' if rule.index.weighted else ''}相加：{sum_of}",
        f"by {called.en}, the rounded single indices are added{', each by its weight' if rule.index.weighted else ''}:"
        f" {sum_of}",
    )


def _exact_total(found: CompositeIndex, rule: CityAirRanking) -> Fraction | None:
    """The weighted sum before it was rounded; None where nothing was."""
    if found.total < 0 or not rule.index.weighted:
        return None
    weights = rule.index.weights
    total = sum(weight * single for weight, single in zip(weights.numerators, found.single.tolist(), strict=True))
    return Fraction(total, weights.denominator * 10**found.decimals)


def _primary(found: CompositeIndex, rule: CityAirRanking) -> Explanation:
    first = [
        catalogue.item(item).symbol
        for item, largest in zip(found.items, found.primary.tolist(), strict=True)
        if largest
    ]
    largest = shown(int(found.largest), found.decimals)
    return Explanation(
        name=Text("首要污染物", "primary pollutant"),
        value=Text("、".join(first), ", ".join(first)) if first else None,
        rule=Text(f"单项指数最大者，{largest}", f"the largest single index, {largest}") if first else _missing(),
        source=Source.of(rule, rule.index),
    )


def _unconfirmed(text: Text, rule: CityAirRanking) -> Explanation:
    return Explanation(
        name=Text("尚未证实", "not confirmed"), value=None, rule=text, source=Source.of(rule, rule.index)
    )


def _missing() -> Text:
    return Text("无有效日值，不计算", "no day is valid: there is none")
