"""How an answer to "what would it take to gain places" came about."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import ArrayLike

from qingchuan.processing import catalogue
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.what_if import ItemNeed, WhatIf, what_if
from qingchuan.processing.air.wording import number, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import CityAirRanking, Text


def explain_what_if(
    days: Mapping[str, Scaled], remaining: int, others: ArrayLike, gain: int, rule: CityAirRanking, *, basis: Text
) -> Explanation:
    """How the composite index to aim at, and what each pollutant alone must be, came about.

    Parameters
    ----------
    days, remaining, others, gain, rule, basis
        As `what_if` has them.

    Returns
    -------
    Explanation
        Of the composite index to aim at; its parts are the items, and theirs what is left to the remaining days.

    Raises
    ------
    ValueError
        The gain is below 1, or fewer than 0 days remain.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.what_if import AS_THEY_ARE
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> so_far = {"so2": 8, "no2": 30, "pm10": 50, "pm25": 28, "co": 9, "o3_8h": 140}
    >>> days = {item: np.full(20, value, np.uint16) for item, value in so_far.items()}
    >>> told = explain_what_if(days, 10, [340, 345, 360], 1, rule, basis=AS_THEY_ARE)
    >>> told.value, told.rule.zh.split("；")[0], told.rule.zh.split("；")[1]
    (3.45, '按环办监测〔2018〕19号，目前综合指数3.49，列第3位', '前进至第2位须不高于3.45（相同即并列）')
    >>> told.parts[3].value, told.parts[3].parts[0].rule.zh
    (26.0, '剩余10天均值不高于23.5 µg/m³')
    """
    found = what_if(days, remaining, others, gain, rule, basis=basis)
    return Explanation(
        name=Text("目标综合指数", "composite index to aim at"),
        value=None if found.target is None else number(found.target, rule.index.decimals),
        rule=_rule(found, rule),
        source=Source.of(rule, rule.order),
        valid=found.number,
        parts=tuple(_item(need, found, rule) for need in found.items),
    )


def _rule(found: WhatIf, rule: CityAirRanking) -> Text:
    if found.reason is not None:
        return found.reason
    called, decimals = rule.called, rule.index.decimals
    total, target = shown(found.total, decimals), _told(found.target, decimals)
    return Text(
        f"按{called.zh}，目前综合指数{total}，列第{found.rank}位；前进至第{found.goal}位须不高于{target}（相同即并列）；"
        f"{found.basis.zh}",
        f"by {called.en}, the composite index is {total} so far, rank {found.rank}; rank {found.goal} needs {target} at"
        f" most (a tie shares the rank); {found.basis.en}",
    )


def _item(need: ItemNeed, found: WhatIf, rule: CityAirRanking) -> Explanation:
    """What one item of the whole period must be."""
    entry, row, decimals = catalogue.item(need.item), rule.index.row(need.item), rule.index.decimals
    now = f"{shown(need.concentration, row.decimals)} {entry.unit}"
    single, before = _told(need.largest_single, decimals), shown(need.single, decimals)
    falls = Text(
        f"其他项目不变，单项指数须由{before}降至{single}；时段浓度目前{now}",
        f"while the others stay, the single index must fall from {before} to {single}; the period has {now} so far",
    )
    return Explanation(
        name=Text(f"{entry.name_zh}时段浓度上限", f"most {entry.name_en.lower()} of the period"),
        value=None if need.largest_concentration is None else number(need.largest_concentration, row.decimals),
        unit=entry.unit,
        rule=falls if need.reason is None or need.largest_single is not None else need.reason,
        source=Source.of(rule, rule.index),
        decimals=row.decimals,
        parts=() if need.largest_concentration is None else _remaining(need, found.remaining),
    )


def _remaining(need: ItemNeed, remaining: int) -> tuple[Explanation, ...]:
    """What is left to the remaining days."""
    entry = catalogue.item(need.item)
    name = Text(f"剩余{remaining}天", f"the {remaining} days that remain")
    if need.reason is not None:
        return (Explanation(name=name, value=None, unit=entry.unit, rule=need.reason),)
    scale = 10**entry.decimals
    if need.largest_mean is not None:
        exact = need.largest_mean / scale
        value = cut(exact, entry.decimals + 1)
        mean = f"{value:.{entry.decimals + 1}f} {entry.unit}"
        rule = Text(
            f"剩余{remaining}天均值不高于{mean}", f"a mean of {mean} at most over the {remaining} days that remain"
        )
        return (Explanation(name=name, value=value, unit=entry.unit, rule=rule, exact=exact),)
    level = Explanation(name=name, value=_level(need), unit=entry.unit, rule=_level_rule(need, remaining))
    return (level, _days_above(need, remaining))


def _told(scaled: int | None, decimals: int) -> str:
    return "—" if scaled is None else shown(scaled, decimals)


def _level(need: ItemNeed) -> float | None:
    return None if need.level is None else number(need.level, catalogue.item(need.item).decimals)


def _level_rule(need: ItemNeed, remaining: int) -> Text:
    level = f"{_level(need):g} {catalogue.item(need.item).unit}"
    return Text(f"剩余{remaining}天均不高于{level}", f"none of the {remaining} days that remain above {level}")


def _days_above(need: ItemNeed, remaining: int) -> Explanation:
    """How many of the remaining days may lie above the concentration that the period must have."""
    safely, at_most = need.days_above, need.days_above_at_most
    zh = (
        "其余日持平于该值时一天也不能超过"
        if safely is None
        else f"其余日不超过该值时，可有{safely}天超过，无论超过多少"
    )
    en = (
        "not even none, where the others lie at it"
        if safely is None
        else f"{safely}, however far above, while the others are not"
    )
    return Explanation(
        name=Text("剩余天数中可超过上述浓度的天数", "remaining days that may lie above that concentration"),
        value=safely,
        unit="d",
        rule=Text(
            f"{zh}；多于{at_most}天则必定达不到", f"{en}; with more than {at_most} the goal is missed for certain"
        ),
        expected=remaining,
    )
