"""How the change of the water between two periods came about: by status, by shares of classes, by concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.change import (
    ConcentrationChange,
    change_by_concentration,
    change_by_shares,
    change_by_status,
    change_words,
)
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.ratios import fraction
from qingchuan.processing.wording import many, signed

if TYPE_CHECKING:
    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody

_NO_STATUS = Text("无水质状况", "no status")


def explain_change_by_status(earlier: int, later: int, standard: WaterStatus) -> Explanation:
    """How the change of one section or river came about, by its levels of status.

    Parameters
    ----------
    earlier, later, standard
        As `change_by_status` has them, of one section or river.

    Returns
    -------
    Explanation
        Its parts are the two statuses.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> explain_change_by_status(2, 4, rules).rule.zh
    '水质状况由良好变为中度污染，变差2个等级，明显变差'
    """
    words = change_words(int(change_by_status(earlier, later, standard)), standard)
    before, after = _status(earlier, standard), _status(later, standard)
    rule = Text("缺少水质状况，不评价", "a status is missing, so nothing is compared")
    if before is not None and after is not None and words is not None:
        rule = _levels(before, after, later - earlier, words)
    return Explanation(
        name=Text("水质状况变化", "change of the status"),
        value=words,
        rule=rule,
        source=Source.of(standard, standard.change),
        parts=(
            Explanation(name=Text("前一时段水质状况", "earlier status"), value=before, rule=_number(earlier)),
            Explanation(name=Text("本时段水质状况", "later status"), value=after, rule=_number(later)),
        ),
    )


def explain_change_by_shares(
    good: tuple[float, float], worst: tuple[float, float], standard: WaterStatus
) -> Explanation:
    """How the change of one river or basin came about, by the shares of its classes.

    Parameters
    ----------
    good, worst, standard
        As `change_by_shares` has them, of one river.

    Returns
    -------
    Explanation

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> explain_change_by_shares((90.0, 78.9), (5.3, 5.3), rules).rule.zh
    'Ⅰ～Ⅲ类比例变化ΔG=−11.1个百分点，劣Ⅴ类比例变化ΔD=+0.0个百分点，ΔG−ΔD=−11.1，有所变差'
    """
    found = change_by_shares(good, worst, standard)
    words = change_words(int(found.change), standard)
    gained, spoilt, balance = (signed(float(part), standard.shares.decimals) for part in found[:3])
    missing = Text("缺少类别比例，不评价", "a share is missing, so nothing is compared")
    told = Text(
        f"Ⅰ～Ⅲ类比例变化ΔG={gained}个百分点，劣Ⅴ类比例变化ΔD={spoilt}个百分点，ΔG−ΔD={balance}",
        f"ΔG of classes Ⅰ–Ⅲ {gained}, ΔD of worse than Ⅴ {spoilt} points: ΔG − ΔD = {balance}",
    )
    return Explanation(
        name=Text("水质变化", "change of the water"),
        value=words,
        rule=Text(f"{told.zh}，{words.zh}", f"{told.en}, {words.en}") if words else missing,
        source=Source.of(standard, standard.change),
    )


def explain_change_by_concentration(
    earlier: float, later: float, item: str, water_body: WaterBody, limits: SurfaceWaterClasses, standard: WaterStatus
) -> Explanation:
    """How the change of the concentration of one item came about.

    Parameters
    ----------
    earlier, later : float
        Means of the two periods. [unit of the item] NaN where missing.
    item : str
    water_body, limits, standard
        As `change_by_concentration` has them.

    Returns
    -------
    Explanation
        Of the change [%]; its parts are the two concentrations.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> told = explain_change_by_concentration(0.3, 0.2, "tp", "river", limits, rules)
    >>> told.value, told.exact, told.rule.zh
    (-33.3, Fraction(-100, 3), '(0.2−0.3)÷0.3×100%，按GB/T 8170修约为−33.3%，浓度降低，好转')
    """
    found = change_by_concentration([earlier], [later], (item,), water_body, limits, standard)
    entry, places = catalogue.item(item), standard.change.concentration_decimals
    known = bool(found.known[0])
    before, after = (counting(np.array([value]), (item,)).item() for value in (earlier, later))
    exact = 100 * (fraction(after) / fraction(before) - 1) if known else None
    return Explanation(
        name=Text(f"{entry.name_zh}浓度变化率", f"change of {entry.name_en}"),
        value=int(found.percent[0]) / 10**places if known else None,
        unit="%",
        rule=_none(before, after, entry.name_zh, entry.name_en)
        if exact is None
        else _percent(before, after, found, places),
        source=Source.of(standard, standard.change),
        exact=exact,
        decimals=places,
        parts=(
            _mean(Text("前一时段平均浓度", "mean of the earlier period"), before, entry.unit),
            _mean(Text("本时段平均浓度", "mean of the later period"), after, entry.unit),
        ),
    )


def _status(level: int, standard: WaterStatus) -> Text | None:
    """Status of a level, as `status_levels` counts them."""
    return list(dict.fromkeys(row.status for row in standard.classes.rows))[level - 1] if level else None


def _number(level: int) -> Text:
    return Text(f"第{level}级，1级最好", f"level {level}, of which 1 is the best") if level else _NO_STATUS


def _levels(before: Text, after: Text, worse_by: int, words: Text) -> Text:
    if not worse_by:
        return Text(f"水质状况同为{after.zh}，{words.zh}", f"the status is {after.en} both times: {words.en}")
    zh, en = ("变差", "worse") if worse_by > 0 else ("好转", "better")
    return Text(
        f"水质状况由{before.zh}变为{after.zh}，{zh}{abs(worse_by)}个等级，{words.zh}",
        f"from {before.en} to {after.en}, {en} by {many(abs(worse_by), 'level')}: {words.en}",
    )


def _percent(before: float, after: float, found: ConcentrationChange, places: int) -> Text:
    change = signed(int(found.percent[0]) / 10**places, places)
    old, new = written(before), written(after)
    moved = Text("浓度不变", "the same")
    if after != before:
        moved = Text("浓度升高", "higher") if after > before else Text("浓度降低", "lower")
    verdict = {1: Text("，好转", ", which is better"), -1: Text("，变差", ", which is worse")}
    judged = verdict.get(int(found.better[0]), Text("", ""))
    return Text(
        f"({new}−{old})÷{old}×100%，按GB/T 8170修约为{change}%，{moved.zh}{judged.zh}",
        f"({new} − {old}) / {old} × 100 %, rounded half to even to {change} %, {moved.en}{judged.en}",
    )


def _none(before: float, after: float, zh: str, en: str) -> Text:
    if np.isfinite(before) and np.isfinite(after) and before > 0:
        return Text(
            f"{zh}限值为上下两限，不计算变化率", f"{en} must lie between two limits: it has no change in percent"
        )
    return Text("缺少浓度或前一时段浓度为零，不计算", "a mean is missing, or the earlier one is zero: there is none")


def _mean(name: Text, value: float, unit: str) -> Explanation:
    there = bool(np.isfinite(value))
    rule = Text("时段平均值", "mean of the period") if there else Text("缺测", "missing")
    return Explanation(name=name, value=value if there else None, unit=unit, rule=rule)
