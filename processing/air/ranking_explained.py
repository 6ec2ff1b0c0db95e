"""How a rank came about, and how the change of an index did."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from qingchuan.processing.air.index_change import index_change
from qingchuan.processing.air.ranking import Ranking
from qingchuan.processing.air.wording import plain
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.standards import CityAirRanking, Text


class Figure(NamedTuple):
    """What cities are ranked by.

    Attributes
    ----------
    name : Text
    unit : str
    decimals : int
        [-]
    """

    name: Text
    unit: str
    decimals: int


def explain_rank(ranking: Ranking, city: int, figure: Figure, rule: CityAirRanking) -> Explanation:
    """How the rank of a city came about.

    Parameters
    ----------
    ranking : Ranking
        Of one period, shape (cities,).
    city : int
        Place of the city on the axis. [-]
    figure : Figure
        What they are ranked by.
    rule : CityAirRanking
        The edition, or a variant of it with a name.

    Returns
    -------
    Explanation
        Its parts are the figure of the city, and those of the next better and the next worse one.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.ranking import rank_by_index
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> figure = Figure(Text("综合指数", "composite index"), "", 2)
    >>> told = explain_rank(rank_by_index([402, 311, 311, 520, -1]), 0, figure, rule)
    >>> told.value, told.valid, told.expected
    (3, 4, 5)
    >>> told.rule.zh
    '4个城市参与排名，优于该市的2个，与该市并列的0个，列第3位，优于25.0%的城市；并列按环办监测〔2018〕19号处理'
    >>> [(part.name.zh, part.value) for part in told.parts]
    [('综合指数', 4.02), ('前一名综合指数', 3.11), ('后一名综合指数', 5.2)]
    """
    rank, number = int(ranking.ranks[city]), int(ranking.number)
    ranked = rank != UNRANKED
    return Explanation(
        name=Text(f"{figure.name.zh}排名", f"rank by {figure.name.en}"),
        value=rank if ranked else None,
        rule=_rank_rule(ranking, city, rule)
        if ranked
        else Text(f"无{figure.name.zh}，不参与排名", f"there is no {figure.name.en}: it has no rank"),
        source=Source.of(rule, rule.order),
        valid=number,
        expected=ranking.ranks.shape[-1],
        parts=_neighbours(ranking, city, figure) if ranked else (),
    )


def explain_index_change(total: int, before: int, rule: CityAirRanking) -> Explanation:
    """How the change of a composite index came about.

    Parameters
    ----------
    total, before : int
        `CompositeIndex.total` of the period and of the earlier one. Below 0 where there is none.
    rule : CityAirRanking
        The edition, or a variant of it with a name.

    Returns
    -------
    Explanation

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> told = explain_index_change(263, 289, standards.load("hb2018_19", CityAirRanking))
    >>> told.value, told.exact, told.rule.zh
    (-9.0, Fraction(-2600, 289), '(2.63−2.89)÷2.89×100%=−9.0%，低于0为改善')
    """
    found = index_change(total, before, rule)
    name = Text("综合指数变化率", "change of the composite index")
    source = Source.of(rule, rule.change)
    if not found.known:
        none = Text("缺少其中一个时段的综合指数，不计算", "the index of one of the periods is missing: there is none")
        return Explanation(name=name, value=None, unit="%", rule=none, source=source)
    now, then = (plain(value, rule.index.decimals) for value in (total, before))
    told = plain(int(found.rate), found.decimals)
    return Explanation(
        name=name,
        value=int(found.rate) / 10**found.decimals,
        unit="%",
        rule=Text(
            f"({now}−{then})÷{then}×100%={told}%，低于0为改善",
            f"({now} − {then}) / {then} × 100 % = {told} %; below 0 it got better",
        ),
        source=source,
        exact=Fraction(100 * (total - before), before),
        decimals=found.decimals,
    )


def _rank_rule(ranking: Ranking, city: int, rule: CityAirRanking) -> Text:
    rank, number, called = int(ranking.ranks[city]), int(ranking.number), rule.called
    better, worse = rank - 1, int(ranking.worse[city])
    tied = number - better - worse - 1
    share = plain(int(ranking.share_worse(1)[city]), 1)
    return Text(
        f"{number}个城市参与排名，优于该市的{better}个，与该市并列的{tied}个，列第{rank}位，"
        f"优于{share}%的城市；并列按{called.zh}处理",
        f"{number} cities have a rank; {better} are better and {tied} tie with it: rank {rank},"
        f" better than {share} % of them; ties by {called.en}",
    )


def _neighbours(ranking: Ranking, city: int, figure: Figure) -> tuple[Explanation, ...]:
    """The figure of the city, and those of the cities next to it that have another one."""
    own, rank = int(ranking.figures[city]), ranking.ranks[city]
    better = ranking.ranks[(ranking.ranks != UNRANKED) & (ranking.ranks < rank)]
    worse = ranking.ranks[ranking.ranks > rank]
    parts = [_part(figure.name, own, figure, Text("该市", "of the city"))]
    if better.size:
        name = Text(f"前一名{figure.name.zh}", f"{figure.name.en}, next better")
        parts.append(_neighbour(name, ranking, int(better.max()), own, figure))
    if worse.size:
        name = Text(f"后一名{figure.name.zh}", f"{figure.name.en}, next worse")
        parts.append(_neighbour(name, ranking, int(worse.min()), own, figure))
    return tuple(parts)


def _neighbour(name: Text, ranking: Ranking, rank: int, own: int, figure: Figure) -> Explanation:
    value = int(ranking.figures[ranking.ranks == rank][0])
    gap = plain(abs(value - own), figure.decimals)
    return _part(name, value, figure, Text(f"相差{gap}", f"differs by {gap}"))


def _part(name: Text, scaled: int, figure: Figure, rule: Text) -> Explanation:
    return Explanation(name=name, value=scaled / 10**figure.decimals, unit=figure.unit, rule=rule)
