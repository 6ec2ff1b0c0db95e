"""Why an item attains the standard or not: in an hour, on a day, in a year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from qingchuan.processing.air.attainment import ItemAttainment, mean_averaging, period_attainment
from qingchuan.processing.air.short_term import exceedance_multiple, short_term_attainment
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.air.statistics_explained import explain_period_mean, explain_period_percentile
from qingchuan.processing.air.wording import GRADES, named, number, period_name, shown
from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits, Text
from qingchuan.processing.standards.air_limits import Grade, LimitAveraging

_AVERAGING: dict[LimitAveraging, Text] = {
    "year": Text("年平均", "annual"),
    "quarter": Text("季平均", "quarterly"),
    "day": Text("日", "daily"),
    "hour": Text("1小时平均", "hourly"),
}
ATTAINED = Text("达标", "attained")
EXCEEDED = Text("不达标", "not attained")
_NOT_JUDGED = Text("不评价", "not judged")


class Judging(NamedTuple):
    """By what attainment is judged.

    Attributes
    ----------
    limits : AmbientAirLimits
        The edition of GB 3095.
    rules : AirAssessment
        The edition of HJ 663.
    grade : {1, 2}
    on : date
        Day whose stage of the limits holds.
    """

    limits: AmbientAirLimits
    rules: AirAssessment
    grade: Grade
    on: date


def explain_exceedance_multiple(item: str, concentration: int, limit: int, rules: AirAssessment) -> Explanation:
    """By how many times its limit an item exceeds it.

    Parameters
    ----------
    item : str
    concentration, limit : int
        [scaled]
    rules : AirAssessment
        The edition of HJ 663.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> told = explain_exceedance_multiple("pm25", 44, 35, standards.load("hj663_2013", AirAssessment))
    >>> told.value, told.rule.zh
    (0.26, '(44−35)÷35=0.26')
    """
    decimals, about = rules.decimals.multiple, named(item, rules)
    multiple = int(exceedance_multiple(np.asarray(concentration), limit, decimals))
    value, of, told = shown(concentration, about.decimals), shown(limit, about.decimals), shown(multiple, decimals)
    rule = Text(f"({value}−{of})÷{of}={told}", f"({value} − {of}) / {of} = {told}")
    exceeded = multiple >= 0
    return Explanation(
        name=Text(f"{about.name.zh}超标倍数", f"exceedance multiple of {about.name.en}"),
        value=number(multiple, decimals),
        rule=rule if exceeded else Text("未超标，无超标倍数", "the limit is not exceeded: there is none"),
        source=Source.of(rules, rules.attainment),
        exact=Fraction(concentration - limit, limit) if exceeded else None,
        decimals=decimals,
        limit=number(limit, about.decimals),
    )


def explain_short_term_attainment(
    item: str, concentration: int, averaging: LimitAveraging, judging: Judging
) -> Explanation:
    """Why an item attains the standard in an hour or on a day, or not.

    Parameters
    ----------
    item : str
    concentration : int
        [scaled]
    averaging : {"hour", "day"}
    judging : Judging

    Raises
    ------
    LookupError
        The edition sets no such limit.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> on = date(2026, 3, 1)
    >>> judging = Judging(standards.in_force("gb3095", on), standards.in_force("hj663", on), 2, on)
    >>> explain_short_term_attainment("pm25", 61, "day", judging).rule.zh
    '61 µg/m³大于二级日浓度限值60 µg/m³，不达标'
    """
    rules, about = judging.rules, named(item, judging.rules)
    limit = _limit(item, averaging, judging)
    found = short_term_attainment(np.asarray(concentration), limit, rules.decimals.multiple)
    verdict = _verdict(bool(found.attained), bool(found.valid))
    exceeded = bool(found.valid and not found.attained)
    return Explanation(
        name=Text(f"{about.name.zh}达标评价", f"attainment of {about.name.en}"),
        value=verdict,
        unit=about.unit,
        rule=_compared(item, concentration, limit, averaging, judging),
        source=Source.of(rules, rules.attainment),
        limit=number(limit, about.decimals),
        parts=(explain_exceedance_multiple(item, concentration, limit, rules),) if exceeded else (),
    )


def explain_period_attainment(
    item: str, days: Scaled, dates: Days, period: CalendarPeriod, judging: Judging
) -> Explanation:
    """Why an item attains the standard in a year, or not.

    Parameters
    ----------
    item : str
    days : ndarray of uint16, shape (days,)
        Daily values of one place. [scaled]
    dates : ndarray of datetime64[D], shape (days,)
    period : CalendarPeriod
    judging : Judging

    Returns
    -------
    Explanation
        Its parts are the mean and the percentile, as far as they are judged, each with its limit, and the multiples.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year = year_of(date(2025, 1, 1))
    >>> judging = Judging(standards.in_force("gb3095", year.last), standards.in_force("hj663", year.last), 2, year.last)
    >>> told = explain_period_attainment("pm25", np.full(365, 36, np.uint16), year.dates, year, judging)
    >>> told.value.zh, told.rule.zh
    ('不达标', '36 µg/m³大于二级年平均浓度限值35 µg/m³，不达标；36 µg/m³不大于二级日浓度限值75 µg/m³，达标')
    """
    rules, about = judging.rules, named(item, judging.rules)
    found = period_statistics({item: days}, dates, period, rules)[item]
    judged = period_attainment(found, judging.limits, rules, grade=judging.grade, on=judging.on)
    return Explanation(
        name=Text(
            f"{about.name.zh}{period_name(period).zh}达标评价",
            f"attainment of {about.name.en}, {period_name(period).en}",
        ),
        value=_verdict(bool(judged.attained), bool(judged.valid)),
        unit=about.unit,
        rule=_period_rule(found, judged, judging),
        source=Source.of(rules, rules.attainment),
        valid=int(found.count),
        expected=period.days,
        parts=_period_parts(item, days, dates, found, judged, judging),
    )


def _limit(item: str, averaging: LimitAveraging, judging: Judging) -> int:
    decimals = judging.rules.decimals.items[item]
    return judging.limits.scaled_limit(item, averaging, decimals, grade=judging.grade, on=judging.on)


def _verdict(attained: bool, valid: bool) -> Text:  # noqa: FBT001 - two results of one judgement
    if not valid:
        return _NOT_JUDGED
    return ATTAINED if attained else EXCEEDED


def _compared(item: str, value: int, limit: int, averaging: LimitAveraging, judging: Judging) -> Text:
    """A value and its limit in a sentence."""
    if value == MISSING:
        return Text("缺测，不评价", "missing: not judged")
    about, grade, of = named(item, judging.rules), GRADES[judging.grade], _AVERAGING[averaging]
    left, right = (f"{shown(told, about.decimals)} {about.unit}" for told in (value, limit))
    attained = value <= limit
    verdict = ATTAINED if attained else EXCEEDED
    return Text(
        f"{left}{'不大于' if attained else '大于'}{grade.zh}{of.zh}浓度限值{right}，{verdict.zh}",
        f"{left} is {'not ' if attained else ''}above the {of.en} limit of {grade.en}, {right}: {verdict.en}",
    )


def _judged(found: ItemStatistics, judged: ItemAttainment, judging: Judging) -> list[tuple[int, int, LimitAveraging]]:
    """What is judged of an item: value, limit, and the averaging time of the limit."""
    all_of_it: list[tuple[int, int | None, LimitAveraging]] = [
        (int(found.mean), judged.mean_limit, mean_averaging(found, judging.rules)),
        (int(found.percentile), judged.percentile_limit, "day"),
    ]
    return [(value, limit, averaging) for value, limit, averaging in all_of_it if limit is not None]


def _period_rule(found: ItemStatistics, judged: ItemAttainment, judging: Judging) -> Text:
    if not judged.valid:
        return Text(
            "不满足数据统计有效性要求，统计结果无效，不评价",
            "too few valid days: the statistics are not valid, nothing is judged",
        )
    told = [
        _compared(found.item, value, limit, averaging, judging)
        for value, limit, averaging in _judged(found, judged, judging)
    ]
    return Text("；".join(sentence.zh for sentence in told), "; ".join(sentence.en for sentence in told))


def _period_parts(
    item: str, days: Scaled, dates: Days, found: ItemStatistics, judged: ItemAttainment, judging: Judging
) -> tuple[Explanation, ...]:
    rules, period, parts = judging.rules, found.period, []
    if judged.mean_limit is not None:
        parts.append(explain_period_mean(item, days, dates, period, rules))
    if judged.percentile_limit is not None:
        parts.append(explain_period_percentile(item, days, dates, period, rules))
    exceeded = [(value, limit) for value, limit, _ in _judged(found, judged, judging) if judged.valid and value > limit]
    return (*parts, *(explain_exceedance_multiple(item, value, limit, rules) for value, limit in exceeded))
