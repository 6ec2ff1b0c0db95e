"""How a rate of days came about: which days count, which of them are good or attained, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from qingchuan.processing.air.rates import (
    AttainmentRate,
    GoodAirRate,
    assessed_good_air_rate,
    attainment_rate,
    comprehensive_attainment_rate,
    counted_days,
    dust_days,
    good_air_rate,
)
from qingchuan.processing.air.wording import named, number, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import AirAssessment, DustRules, Text
from qingchuan.processing.wording import many

_PERCENT = 100


def explain_good_air_rate(
    aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike, rules: AirAssessment
) -> Explanation:
    """How the published good-air rate of a period came about.

    Parameters
    ----------
    aqi, complete, good_up_to
        As `good_air_rate` has them, shape (days,).
    rules : AirAssessment
        The edition of HJ 663, for the decimals of the rate.

    Returns
    -------
    Explanation
        Its parts are the good days and the days that count, the latter with those that do not.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", AirAssessment)
    >>> told = explain_good_air_rate([40, 100, 101, 60, 130, -1], [True, True, True, False, False, False], 100, rules)
    >>> told.value, told.rule.zh
    (50.0, '优良天数2天÷有效天数4天×100%=50.0%')
    """
    found = good_air_rate(aqi, complete, good_up_to, rules.decimals.rate)
    return Explanation(
        name=Text("优良天数比例", "good-air rate"),
        value=number(int(found.rate), found.decimals),
        unit="%",
        rule=_good_rule(found),
        source=Source.of(rules, rules.rates),
        exact=_exact(int(found.good), int(found.valid)),
        decimals=found.decimals,
        valid=int(found.valid),
        expected=found.days,
        parts=(_good_days(found, good_up_to), _counted(aqi, complete, good_up_to)),
    )


def explain_assessed_good_air_rate(
    aqi: ArrayLike,
    complete: ArrayLike,
    aqi_without_dust: ArrayLike,
    good_up_to: ArrayLike,
    rules: AirAssessment,
    dust: DustRules,
) -> Explanation:
    """How the assessed good-air rate of a period came about.

    Parameters
    ----------
    aqi, complete, aqi_without_dust, good_up_to
        As `assessed_good_air_rate` has them, shape (days,).
    rules : AirAssessment
        The edition of HJ 663, for the decimals of the rate.
    dust : DustRules
        The edition of 环办监测〔2016〕120号.

    Returns
    -------
    Explanation
        Its last part are the days that are deducted.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules, dust = standards.load("hj663_2013", AirAssessment), standards.load("hb2016_120", DustRules)
    >>> told = explain_assessed_good_air_rate([40, 210, 130], [True] * 3, [40, 80, 130], 100, rules, dust)
    >>> told.value, told.rule.zh, told.parts[-1].value
    (50.0, '优良天数1天÷有效天数2天×100%=50.0%（已扣除沙尘影响超标1天）', 1)
    """
    found = assessed_good_air_rate(aqi, complete, aqi_without_dust, good_up_to, rules.decimals.rate)
    counted = counted_days(aqi, complete, good_up_to)
    deducted = int((counted & dust_days(aqi, aqi_without_dust, good_up_to)).sum())
    rule = _good_rule(found)
    return Explanation(
        name=Text("优良天数比例（扣除沙尘影响）", "assessed good-air rate, without dust"),
        value=number(int(found.rate), found.decimals),
        unit="%",
        rule=Text(
            f"{rule.zh}（已扣除沙尘影响超标{deducted}天）",
            f"{rule.en}, {many(deducted, 'day')} deducted that dust made bad",
        ),
        source=Source.of(dust, dust.deduction),
        exact=_exact(int(found.good), int(found.valid)),
        decimals=found.decimals,
        valid=int(found.valid),
        expected=found.days,
        parts=(
            _good_days(found, good_up_to),
            _counted(aqi, complete, good_up_to),
            _deducted(deducted, good_up_to, dust),
        ),
    )


def explain_attainment_rate(item: str, attained: ArrayLike, valid: ArrayLike, rules: AirAssessment) -> Explanation:
    """How the attainment rate of an item came about.

    Parameters
    ----------
    item : str
    attained, valid
        As `attainment_rate` has them, shape (days,).
    rules : AirAssessment
        The edition of HJ 663.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", AirAssessment)
    >>> explain_attainment_rate("pm25", [True, False, True], [True] * 3, rules).rule.zh
    '达标2天÷有效监测3天×100%=66.7%'
    """
    found, about = attainment_rate(attained, valid, rules.decimals.rate), named(item, rules)
    return _attainment(found, Text(f"{about.name.zh}日达标率", f"attainment rate of {about.name.en}"), rules, ())


def explain_comprehensive_attainment_rate(
    items: Sequence[str], attained: ArrayLike, valid: ArrayLike, rules: AirAssessment
) -> Explanation:
    """How the attainment rate of all items together came about.

    Parameters
    ----------
    items : sequence of str
        Order of the first axis.
    attained, valid
        As `comprehensive_attainment_rate` has them, shape (items, days).
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its parts are the days with something missing, and the attainment rate of each item.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", AirAssessment)
    >>> both = [[True, True, True], [True, False, True]], [[True, True, True], [True, True, False]]
    >>> told = explain_comprehensive_attainment_rate(["pm25", "o3_8h"], *both, rules)
    >>> told.value, [part.value for part in told.parts]
    (33.3, [1, 100.0, 50.0])
    """
    found = comprehensive_attainment_rate(attained, valid, rules.decimals.rate)
    attained, valid = np.asarray(attained, dtype=np.bool_), np.asarray(valid, dtype=np.bool_)
    incomplete = int((valid.any(axis=0) & ~valid.all(axis=0)).sum())
    missing = Explanation(
        name=Text("有缺测项目的天数", "days with something missing"),
        value=incomplete,
        unit="d",
        rule=Text(
            "存在缺测或无效项目的日按不达标处理", "a day with an item missing or not valid counts as not attained"
        ),
        source=Source.of(rules, rules.completeness),
    )
    each = (explain_attainment_rate(item, attained[place], valid[place], rules) for place, item in enumerate(items))
    return _attainment(found, Text("多项目日综合评价达标率", "attainment rate of all items"), rules, (missing, *each))


def _attainment(found: AttainmentRate, name: Text, rules: AirAssessment, parts: tuple[Explanation, ...]) -> Explanation:
    attained, valid, told = int(found.attained), int(found.valid), shown(int(found.rate), found.decimals)
    rule = Text(
        f"达标{attained}天÷有效监测{valid}天×100%={told}%",
        f"{many(attained, 'day')} attained out of {valid} valid ones: {told} %",
    )
    return Explanation(
        name=name,
        value=number(int(found.rate), found.decimals),
        unit="%",
        rule=rule if valid else _no_day(),
        source=Source.of(rules, rules.rates),
        exact=_exact(attained, valid),
        decimals=found.decimals,
        valid=valid,
        expected=found.days,
        parts=parts,
    )


def _good_rule(found: GoodAirRate) -> Text:
    good, valid, told = int(found.good), int(found.valid), shown(int(found.rate), found.decimals)
    if not valid:
        return _no_day()
    return Text(
        f"优良天数{good}天÷有效天数{valid}天×100%={told}%",
        f"{many(good, 'good day')} out of {valid} that count: {told} %",
    )


def _good_days(found: GoodAirRate, good_up_to: ArrayLike) -> Explanation:
    zh, en = _bounds(good_up_to)
    return Explanation(
        name=Text("优良天数", "good days"),
        value=int(found.good),
        unit="d",
        rule=Text(f"AQI不大于{zh}的有效天数", f"days that count with an AQI of at most {en}"),
    )


def _counted(aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike) -> Explanation:
    """The days that count, and why the others do not."""
    aqi, whole = np.asarray(aqi), np.asarray(complete, dtype=np.bool_)
    counted = counted_days(aqi, whole, good_up_to)
    none, incomplete = int((aqi < 0).sum()), int((~counted & (aqi >= 0)).sum())
    kept = int((counted & ~whole).sum())
    bound, _ = _bounds(good_up_to)
    return Explanation(
        name=Text("有效天数", "days that count"),
        value=int(counted.sum()),
        unit="d",
        rule=Text(
            f"共{aqi.size}天，其中无AQI {none}天、项目不全且AQI不大于{bound}的{incomplete}天不计入；"
            f"项目不全但AQI已大于{bound}的{kept}天计入",
            f"{many(aqi.size, 'day')}, without {none} that have no AQI and {incomplete} that lack an item and are good "
            f"so far; {kept} lack an item and count, as they are bad already",
        ),
        valid=int(counted.sum()),
        expected=aqi.size,
    )


def _deducted(deducted: int, good_up_to: ArrayLike, dust: DustRules) -> Explanation:
    zh, en = _bounds(good_up_to)
    return Explanation(
        name=Text("沙尘影响超标天数", "days that dust made bad"),
        value=deducted,
        unit="d",
        rule=Text(
            f"含沙尘时段AQI大于{zh}、剔除沙尘时段颗粒物浓度后不大于{zh}（或无AQI）的天数；官方计算公式未见，此为本系统采用的定义",
            f"days with an AQI above {en}, and not above it, or without one, once the particles of hours of dust are "
            "left out; the official formula was not seen, this is the definition chosen",
        ),
        source=Source.of(dust, dust.deduction),
    )


def _bounds(good_up_to: ArrayLike) -> tuple[str, str]:
    """The largest AQI of a good day, or those of the editions that judge the days."""
    bounds = [str(bound) for bound in np.unique(np.asarray(good_up_to)).tolist() if bound >= 0]
    return "或".join(bounds), " or ".join(bounds)


def _exact(part: int, whole: int) -> Fraction | None:
    return Fraction(_PERCENT * part, whole) if whole else None


def _no_day() -> Text:
    return Text("时段内无有效天数", "no day of the period counts")
