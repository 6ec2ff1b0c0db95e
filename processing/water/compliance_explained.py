"""How rates of sections came about: which comply, which fail, and which leave the denominator."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.compliance import COMPLIES, FAILS, NOT_EVALUATED, compliance_rates, complies, zone_year
from qingchuan.processing.water.shares import class_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import FunctionZones, WaterStatus


_WORDS = {
    COMPLIES: Text("达标", "complies"),
    FAILS: Text("未达标", "fails"),
    NOT_EVALUATED: Text("未评价", "not evaluated"),
}


class _Counts(NamedTuple):
    """Sections that count, that are evaluated, and all there are."""

    part: int
    evaluated: int
    sections: int


class _Words(NamedTuple):
    """What a rate is called, which sections it counts, and which it leaves out."""

    name: Text
    rate: Text
    counted: Text
    left: Text


_COMPLIANCE = _Words(
    Text("断面达标率", "compliance rate of sections"),
    Text("达标率", "rate"),
    Text("达标", "comply"),
    Text("未监测、停测或无目标", "not monitored, stopped or without a target"),
)
_GOOD = _Words(
    Text("优良率", "share of good sections"),
    Text("优良率", "share"),
    Text("优良", "are good"),
    Text("未监测或停测", "not monitored or stopped"),
)


def explain_compliance_rate(
    section: ArrayLike, target: ArrayLike, names: Sequence[Text], measures: WaterStatus
) -> Explanation:
    """How the compliance rate of one group of sections came about.

    Parameters
    ----------
    section, target : array_like of int, shape (sections,)
        As `compliance_rates` has them.
    names : sequence of Text
        Names of the sections.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    Explanation
        Of the rate [%]; its parts are the sections.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> names = Text("三江口", "Sanjiangkou"), Text("岑港河", "Cengang River"), Text("芦东水库", "Ludong Reservoir")
    >>> told = explain_compliance_rate([2, 5, 0], [3, 3, 2], names, measures)
    >>> told.value, told.rule.zh
    (50.0, '3 个断面中 2 个参评，1 个达标，达标率 1/2 = 50%；1 个未监测、停测或无目标，不计入分母')
    >>> [part.rule.zh for part in told.parts]
    ['Ⅱ类，目标Ⅲ类，达标', 'Ⅴ类，目标Ⅲ类，未达标', '无类别，目标Ⅱ类，未评价']
    """
    found = compliance_rates(section, target, [""] * len(names), measures)
    section, target = np.broadcast_arrays(np.asarray(section, np.int64), np.asarray(target, np.int64))
    rows = zip(names, section.tolist(), target.tolist(), complies(section, target).tolist(), strict=True)
    parts = tuple(_section(*row, measures) for row in rows)
    counts = _Counts(int(found.complying.sum()), int(found.evaluated.sum()), len(names))
    rate = float(found.rate[0]) if counts.evaluated else None
    return _rate(_COMPLIANCE, rate, counts, measures, parts)


def explain_good_share(section: ArrayLike, names: Sequence[Text], measures: WaterStatus) -> Explanation:
    """How the share of good sections (优良率) of one group came about.

    Parameters
    ----------
    section : array_like of int, shape (sections,)
        As `class_shares` has it.
    names : sequence of Text
        Names of the sections.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    Explanation
        Of the share [%]; its parts are the numbers of sections of each class.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> names = Text("三江口", "Sanjiangkou"), Text("岑港河", "Cengang River"), Text("芦东水库", "Ludong Reservoir")
    >>> told = explain_good_share([2, 5, 0], names, measures)
    >>> told.value, told.rule.zh
    (50.0, '3 个断面中 2 个参评，1 个优良，优良率 1/2 = 50%；1 个未监测或停测，不计入分母')
    """
    found = class_shares(section, measures)
    good = int(found.counts[: measures.river.good_up_to].sum())
    parts = tuple(
        Explanation(
            name=Text(f"{row.name}类断面", f"sections of class {row.en}"),
            value=int(count),
            rule=Text(f"占 {share:g}%", f"{share:g} %") if found.evaluated else Text("无参评断面", "none evaluated"),
        )
        for row, count, share in zip(measures.classes.rows, found.counts, found.shares, strict=True)
    )
    counts = _Counts(good, int(found.evaluated), len(names))
    return _rate(_GOOD, float(found.good) if counts.evaluated else None, counts, measures, parts)


def explain_zone_year(evaluations: ArrayLike, rules: FunctionZones) -> Explanation:
    """How the compliance of one function zone over a year came about.

    Parameters
    ----------
    evaluations : array_like of int, shape (evaluations,)
        As `zone_year` has them.
    rules : FunctionZones
        The edition of SL 395.

    Returns
    -------
    Explanation
        Its value is 达标 or 未达标, its limit the share that is asked for. [%]

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> told = explain_zone_year([1, 1, 0], standards.load("sl395_2007", standards.FunctionZones))
    >>> told.value.zh, told.rule.zh
    ('未达标', '全年评价 3 次，达标 2 次，占 66.7%，低于 80%')
    """
    found = zone_year(evaluations, rules)
    complying, evaluated, at_least = int(found.complying), int(found.evaluated), rules.year.at_least
    rule = Text("全年没有评价结果", "nothing was evaluated in the year")
    if evaluated:
        share = f"{float(found.rate):g}"
        rule = Text(
            f"全年评价 {evaluated} 次，达标 {complying} 次，占 {share}%，"
            f"{'不低于' if found.complies == COMPLIES else '低于'} {at_least}%",
            f"{complying} of {evaluated} evaluations comply, {share} %, "
            f"{'not less than' if found.complies == COMPLIES else 'less than'} {at_least} %",
        )
    return Explanation(
        name=Text("水功能区年度达标", "function zone over a year"),
        value=_WORDS[int(found.complies)] if evaluated else None,
        rule=rule,
        source=Source.of(rules, rules.year),
        exact=Fraction(100 * complying, evaluated) if evaluated else None,
        decimals=rules.year.decimals,
        valid=evaluated,
        expected=int(np.asarray(evaluations).size),
        limit=at_least,
    )


def _rate(
    words: _Words, rate: float | None, counts: _Counts, measures: WaterStatus, parts: tuple[Explanation, ...]
) -> Explanation:
    return Explanation(
        name=words.name,
        value=rate,
        unit="%",
        rule=_rate_rule(words, rate, counts),
        source=Source.of(measures, measures.shares),
        exact=Fraction(100 * counts.part, counts.evaluated) if counts.evaluated else None,
        decimals=measures.shares.decimals,
        valid=counts.evaluated,
        expected=counts.sections,
        parts=parts,
    )


def _rate_rule(words: _Words, rate: float | None, counts: _Counts) -> Text:
    if rate is None:
        return Text(f"{counts.sections} 个断面均未参评", f"none of {counts.sections} sections is evaluated")
    left, share = counts.sections - counts.evaluated, f"{counts.part}/{counts.evaluated} = {rate:g}"
    zh = f"；{left} 个{words.left.zh}，不计入分母" if left else ""
    en = f"; {left} {words.left.en} left out" if left else ""
    return Text(
        f"{counts.sections} 个断面中 {counts.evaluated} 个参评，{counts.part} 个{words.counted.zh}，"
        f"{words.rate.zh} {share}%{zh}",
        f"of {counts.sections} sections {counts.evaluated} are evaluated and {counts.part} {words.counted.en}: "
        f"{words.rate.en} {share} %{en}",
    )


def _section(name: Text, number: int, target: int, reached: int, measures: WaterStatus) -> Explanation:
    found, aim = measures.water_class(number), measures.water_class(target)
    zh = ("无类别" if found is None else f"{found.name}类", "无目标" if aim is None else f"目标{aim.name}类")
    en = ("no class" if found is None else f"class {found.en}", "no target" if aim is None else f"target {aim.en}")
    word = _WORDS[reached]
    return Explanation(
        name=name,
        value=None if found is None else found.label,
        rule=Text("，".join((*zh, word.zh)), ", ".join((*en, word.en))),
        source=Source.of(measures, measures.classes),
    )
