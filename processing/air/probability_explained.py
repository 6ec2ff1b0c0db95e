"""How likely a target is reached, told as how many earlier years would have reached it, then as a share of draws."""

from __future__ import annotations

import numpy as np

from qingchuan.processing.air.probability import Chance
from qingchuan.processing.air.wording import number, shown
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards.edition import Text


def explain_chance(found: Chance, figure: Text, unit: str, decimals: int) -> Explanation:
    """How a chance came about.

    Parameters
    ----------
    found : Chance
        Of `rate_chance` or `mean_chance`: what is drawn once is told, not drawn again.
    figure : Text
        The figure and its target, such as 全年优良率不低于86.8%.
    unit : str
        Of the figure.
    decimals : int
        Of the figure. [-]

    Returns
    -------
    Explanation
        Its value is the share of the draws [-]; counted are the earlier years, out of which so many reach the target.
        Its parts are these years, the first one first.

    Examples
    --------
    >>> from qingchuan.processing.air.probability import Resampling, rate_chance
    >>> from qingchuan.processing.air.rates import good_air_rate
    >>> so_far, generator = good_air_rate([50], [True], 100, 1), np.random.default_rng(1)
    >>> good, how = np.array([[True, True], [True, False]]), Resampling(block_days=2, draws=100, least_days=2)
    >>> found = rate_chance(so_far, 900, good, good | True, [2025, 2024], resampling=how, generator=generator)
    >>> told = explain_chance(found, Text("优良率不低于90.0%", "a rate of 90.0 %"), "%", 1)
    >>> told.rule.zh.split("；")[0], told.parts[0].name.zh, told.parts[0].value
    ('其余各日若同往年同期，2个年份中有1个可达到', '若同2024年同期', 66.7)
    """
    reached, years, draws = int(found.reached.sum()), found.years.size, found.resampling.draws
    zh, en = f"{years}个年份中有{reached}个可达到", f"{reached} of {years} earlier years"
    rule = Text(
        f"其余各日若同往年同期，{zh}；以连续{found.resampling.block_days}天为一段，各段随机取自某一往年同期，"
        f"{draws}次抽取中{found.met}次达到；未计入排放变化",
        f"with the rest as in that year {en} would reach it; of {draws} rests, put together of blocks of "
        f"{found.resampling.block_days} days that are drawn each from one of these years, {found.met} do; changes of "
        "emissions are left out",
    )
    if found.probability is None:
        rule = Text(
            f"往年同期有效日不少于{found.resampling.least_days}天的年份不足，或未作抽取，不作测算",
            f"no earlier year has {found.resampling.least_days} valid days on these dates, or nothing is drawn: no "
            "chance is told",
        )
    return Explanation(
        name=Text(f"{figure.zh}的可能性", f"chance of {figure.en}"),
        value=found.probability,
        rule=rule,
        valid=reached,
        expected=years,
        parts=tuple(_year(found, int(place), unit, decimals) for place in np.argsort(found.years)),
    )


def _year(found: Chance, place: int, unit: str, decimals: int) -> Explanation:
    """What the period comes to with the rest of one year."""
    year, outcome, reached = int(found.years[place]), int(found.outcome[place]), bool(found.reached[place])
    told = f"{shown(outcome, decimals)} {unit}"
    return Explanation(
        name=Text(f"若同{year}年同期", f"as in {year}"),
        value=number(outcome, decimals),
        unit=unit,
        rule=Text(
            f"全时段为{told}，{'达到' if reached else '未达到'}目标",
            f"the whole period comes to {told}: {'reached' if reached else 'missed'}",
        ),
    )
