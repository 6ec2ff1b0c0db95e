"""How a budget for the rest of a period came about: of the good-air rate, of a mean, of days of heavy pollution."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from qingchuan.processing.air.budget import (
    NOT_ASKED,
    OPEN,
    OUT_OF_REACH,
    SAFE,
    DaysBudget,
    MeanBudget,
    RateBudget,
    days_budget,
    mean_budget,
    rate_budget,
)
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.rates import GoodAirRate
from qingchuan.processing.air.wording import Named, named, number, plain, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from qingchuan.processing.standards import AirAssessment, AirQualityIndex

_ASSUMED = Text(
    "其余各日均按有效日计；已过去的无效日不计入，也不再补回",
    "every remaining day is taken to be valid; a past day that does not count is lost",
)

_PERCENT = 100


def explain_rate_budget(so_far: GoodAirRate, left: int, target: int, rules: AirAssessment) -> Explanation:
    """How many of the remaining days of one place may be bad, and why.

    Parameters
    ----------
    so_far, left, target
        As `rate_budget` has them, without leading axes.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its value is None where the target is out of reach. Its parts are the rate so far, the days that must be good,
        and what is assumed.

    Raises
    ------
    ValueError
        As `rate_budget` raises it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.rates import good_air_rate
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> so_far = good_air_rate([50] * 211 + [120] * 32, [True] * 243, 100, 1)
    >>> told = explain_rate_budget(so_far, 122, 868, rules)
    >>> told.value, told.rule.zh
    (16, '已有有效天数243天、优良211天；余122天中须有不少于106天优良，至多16天超标，优良天数比例方可修约至86.8%及以上')
    """
    found = rate_budget(so_far, left, target)
    aim = int(found.target) / 10**found.decimals
    return Explanation(
        name=Text("优良率余量", "budget of the good-air rate"),
        value=int(found.bad_allowed) if found.bad_allowed >= 0 else None,
        unit="d",
        rule=_rate_rule(found),
        source=Source.of(rules, rules.rates),
        valid=int(found.valid),
        expected=int(found.days),
        parts=(_rate_so_far(so_far, rules), _rate_target(aim, found), _needed(found), _assumed()),
    )


def explain_mean_budget(
    item: str, days: Scaled, left: int, target: int, rules: AirAssessment, *, decimals: int = 0
) -> Explanation:
    """How large the mean of the remaining days of one place may be, and why.

    Parameters
    ----------
    item : str
    days, left, target, decimals
        As `mean_budget` has them, `days` of shape (days,).
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its value is the largest mean of the remaining days, cut to one decimal more than the days have; None where
        nothing is left to decide. `limit` is the target.

    Raises
    ------
    ValueError
        As `mean_budget` raises it.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> told = explain_mean_budget("pm25", np.full(300, 36, np.uint16), 65, 35, rules)
    >>> told.value, told.exact, told.rule.en
    (33.1, Fraction(2157, 65), '300 valid days so far add up to 10800; the 65 that remain may add up to 2157, a mean of
    33.1 µg/m³, for a rounded mean of at most 35 µg/m³')
    """
    found, about = mean_budget(days, left, target, decimals=decimals), named(item, rules)
    exact = Fraction(int(found.largest_total), int(found.left) * 10**about.decimals) if found.state == OPEN else None
    aim = shown(target, about.decimals + decimals)
    return Explanation(
        name=Text(f"{about.name.zh}均值余量", f"budget of the mean of {about.name.en}"),
        value=None if exact is None else cut(exact, about.decimals + 1),
        unit=about.unit,
        rule=_mean_rule(found, aim, exact, about),
        source=Source.of(rules, rules.means),
        exact=exact,
        valid=int(found.valid),
        expected=int(found.valid + found.left),
        limit=float(aim),
        parts=(_level(found, about), _assumed()),
    )


def explain_heavy_pollution_budget(so_far: int, left: int, most: int, standard: AirQualityIndex) -> Explanation:
    """How many of the remaining days of one place may be heavily polluted, and why.

    Parameters
    ----------
    so_far, left, most
        As `days_budget` has them, without leading axes.
    standard : AirQualityIndex
        The edition of HJ 633, for what heavy pollution is.

    Returns
    -------
    Explanation
        Its value is None where there are too many already.

    Raises
    ------
    ValueError
        As `days_budget` raises it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> explain_heavy_pollution_budget(1, 60, 2, standard).rule.zh
    '重污染天数（AQI大于200）已有1天，控制目标不超过2天，余60天中至多1天'
    """
    found = days_budget(so_far, left, most)
    return Explanation(
        name=Text("重污染天数余量", "budget of days of heavy pollution"),
        value=None if found.state == OUT_OF_REACH else int(found.allowed),
        unit="d",
        rule=_days_rule(found, most, standard.heavy_above),
        source=Source.of(standard, standard.levels[-1]),
        limit=most,
    )


def _rate_rule(found: RateBudget) -> Text:
    good, valid, left = int(found.good), int(found.valid), int(found.left)
    aim = shown(int(found.target), found.decimals)
    zh, en = f"已有有效天数{valid}天、优良{good}天；", f"{many(good, 'good day')} out of {valid} that count so far; "
    if found.state == NOT_ASKED:
        return Text("时段内无有效天数，也无剩余天数", "no day of the period counts, and none remains")
    if found.state == SAFE:
        return Text(
            f"{zh}余{left}天即使全部超标，优良天数比例仍修约至{aim}%及以上",
            f"{en}the rate reaches {aim} % even if the {left} that remain are all bad",
        )
    if found.state == OUT_OF_REACH:
        return Text(
            f"{zh}余{left}天即使全部优良，优良天数比例也达不到{aim}%",
            f"{en}the rate misses {aim} % even if the {left} that remain are all good",
        )
    needed, allowed = int(found.good_needed), int(found.bad_allowed)
    return Text(
        f"{zh}余{left}天中须有不少于{needed}天优良，至多{allowed}天超标，优良天数比例方可修约至{aim}%及以上",
        f"{en}of the {left} that remain {needed} must be good, {allowed} may be bad, for a rate that rounds to {aim} % "
        "or more",
    )


def _rate_so_far(so_far: GoodAirRate, rules: AirAssessment) -> Explanation:
    good, valid, told = int(so_far.good), int(so_far.valid), shown(int(so_far.rate), so_far.decimals)
    return Explanation(
        name=Text("目前优良天数比例", "good-air rate so far"),
        value=number(int(so_far.rate), so_far.decimals),
        unit="%",
        rule=Text(
            f"优良天数{good}天÷有效天数{valid}天×100%={told}%",
            f"{many(good, 'good day')} out of {valid} that count: {told} %",
        )
        if valid
        else Text("目前尚无有效天数", "no day so far counts"),
        source=Source.of(rules, rules.rates),
        exact=Fraction(_PERCENT * good, valid) if valid else None,
        decimals=so_far.decimals,
        valid=valid,
        expected=so_far.days,
    )


def _rate_target(aim: float, found: RateBudget) -> Explanation:
    return Explanation(
        name=Text("优良天数比例目标", "target of the good-air rate"),
        value=aim,
        unit="%",
        rule=Text(
            f"按GB/T 8170修约至{found.decimals}位小数后不低于目标即为达到",
            f"reached by a rate that is not below it when rounded half to even to {found.decimals} decimals",
        ),
    )


def _needed(found: RateBudget) -> Explanation:
    share, needed, left = float(found.share_needed), int(found.good_needed), int(found.left)
    asked = not math.isnan(share)
    return Explanation(
        name=Text("其余各日须达到的优良比例", "share of the remaining days that must be good"),
        value=share if asked else None,
        unit="%",
        rule=Text(
            f"{needed}天÷{left}天×100%，向上进位至{found.decimals}位小数",
            f"{needed} of {left} days, rounded up to {found.decimals} decimals",
        )
        if asked
        else Text("无须测算", "nothing to ask"),
    )


def _assumed() -> Explanation:
    return Explanation(name=Text("测算前提", "what is assumed"), value=None, rule=_ASSUMED)


def _mean_rule(found: MeanBudget, aim: str, exact: Fraction | None, about: Named) -> Text:
    valid, left, unit = int(found.valid), int(found.left), about.unit
    total = plain(int(found.total), about.decimals)
    zh, en = f"已有{valid}个有效日合计{total}，", f"{many(valid, 'valid day')} so far add up to {total}; "
    if found.state == NOT_ASKED:
        return Text("时段内无有效日，也无剩余天数", "no day of the period is valid, and none remains")
    if found.state == SAFE:
        return Text(f"{zh}时段均值修约后不高于{aim} {unit}", f"{en}their rounded mean is not above {aim} {unit}")
    if exact is None:
        return Text(
            f"{zh}余{left}天即使浓度均为0，时段均值修约后仍高于{aim} {unit}",
            f"{en}the rounded mean is above {aim} {unit} even if all of the {left} that remain were zero",
        )
    rest = plain(int(found.largest_total), about.decimals)
    mean = cut(exact, about.decimals + 1)
    return Text(
        f"{zh}余{left}天合计不得高于{rest}，即平均不高于{mean} {unit}，时段均值修约后方可不高于{aim} {unit}",
        f"{en}the {left} that remain may add up to {rest}, a mean of {mean} {unit}, for a rounded mean of at most "
        f"{aim} {unit}",
    )


def _level(found: MeanBudget, about: Named) -> Explanation:
    return Explanation(
        name=Text("其余各日可同为的最高浓度", "largest value that all remaining days may have"),
        value=number(int(found.largest_level), about.decimals),
        unit=about.unit,
        rule=Text(
            "余下合计除以余下天数，舍去尾数", "the sum that is left over the days that remain, cut to their decimals"
        ),
    )


def _days_rule(found: DaysBudget, most: int, above: int) -> Text:
    so_far, left, allowed = int(found.so_far), int(found.left), int(found.allowed)
    zh = f"重污染天数（AQI大于{above}）已有{so_far}天，控制目标不超过{most}天，"
    en = f"{many(so_far, 'day')} with an AQI above {above} so far, {most} are the most; "
    if found.state == OUT_OF_REACH:
        return Text(f"{zh}已超出", f"{en}that is missed")
    if found.state == SAFE:
        return Text(
            f"{zh}余{left}天即使全部为重污染也不超出", f"{en}met even if the {left} that remain are all such days"
        )
    return Text(f"{zh}余{left}天中至多{allowed}天", f"{en}of the {left} that remain {allowed} may be such days")
