"""How the change of a city's water quality index, and its ranks, came about."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.city_index import NO_INDEX
from qingchuan.processing.water.city_ranking import NO_CHANGE, change_ranks, index_change, index_ranks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import CityWaterRanking


def explain_index_change(index: int, base: int, rule: CityWaterRanking) -> Explanation:
    """How the change of one city's index against its base year came about.

    Parameters
    ----------
    index, base : int
        As `index_change` has them.
    rule : CityWaterRanking
        The edition.

    Returns
    -------
    Explanation
        Of the change. [%]

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> told = explain_index_change(48840, 100000, standards.load("hb2017_51", standards.CityWaterRanking))
    >>> told.value, told.rule.zh
    (-51.16, 'ΔCWQI=(4.8840−10.0000)/10.0000×100%=−51.16%，低于0为改善')
    """
    found, decimals = int(index_change(index, base, rule)), rule.change.decimals
    known = found != NO_CHANGE
    now, before = _decimal(index, rule.index.decimals), _decimal(base, rule.index.decimals)
    told = f"({now}−{before})/{before}×100%={_decimal(found, decimals)}%"
    none = Text(
        "缺少本期或基准年的指数，不计算", "the index of the period or of the base year is missing: there is none"
    )
    return Explanation(
        name=Text("城市水质指数变化率", "change of the water quality index of the city"),
        value=found / 10**decimals if known else None,
        unit="%",
        rule=Text(f"ΔCWQI={told}，低于0为改善", f"ΔCWQI = {told}; below 0 it got better") if known else none,
        source=Source.of(rule, rule.change),
        exact=Fraction(100 * (index - base), base) if known else None,
        decimals=decimals,
    )


def explain_index_rank(index: ArrayLike, city: int, rule: CityWaterRanking) -> Explanation:
    """How the rank of one city by its index came about.

    Parameters
    ----------
    index : array_like of int, shape (cities,)
        As `index_ranks` has it.
    city : int
        Place of the city on the axis. [-]
    rule : CityWaterRanking
        The edition.

    Returns
    -------
    Explanation
        Its part is the index of the city.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> explain_index_rank([34643, 30229, -1, 34643], 0, rule).rule.zh
    '3个城市参与排名，城市水质指数小于该市的1个，与该市相同的1个，列第2位'
    """
    index = np.asarray(index, dtype=np.int64)
    own, name = int(index[city]), Text("城市水质指数", "water quality index of the city")
    value = None if own <= NO_INDEX else own / 10**rule.index.decimals
    part = Explanation(name=name, value=value, rule=Text("该市本期", "of the city in the period"))
    none = Text("该市无城市水质指数，不参与排名", "the city has no index, and so no rank")
    return _rank(name, index_ranks(index), city, none, part, Source.of(rule, rule.index))


def explain_change_rank(change: ArrayLike, out: ArrayLike, city: int, rule: CityWaterRanking) -> Explanation:
    """How the rank of one city by the change of its index came about.

    Parameters
    ----------
    change : array_like of int, shape (cities,)
        As `change_ranks` has it.
    out : array_like of bool, shape (cities,)
        As `change_ranks` has it.
    city : int
        Place of the city on the axis. [-]
    rule : CityWaterRanking
        The edition.

    Returns
    -------
    Explanation
        Its part is the change of the city. [%]

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> told = explain_change_rank([1250, -5116, -300], [False, False, True], 2, rule)
    >>> told.value, told.rule.zh
    (None, '各断面基准年和现状水质均已达到规定类别且达标，不参与变化情况排名')
    """
    change, out = np.asarray(change, dtype=np.int64), np.asarray(out, dtype=np.bool_)
    own, name = int(change[city]), Text("城市水质指数变化率", "change of the water quality index of the city")
    value = None if own == NO_CHANGE else own / 10**rule.change.decimals
    part = Explanation(name=name, value=value, unit="%", rule=Text("与基准年同期相比", "against the base year"))
    clean = Text(
        "各断面基准年和现状水质均已达到规定类别且达标，不参与变化情况排名",
        "all of its sections were clean enough in both years and meet their targets: it is left out of this ranking",
    )
    none = Text("该市无变化率，不参与变化情况排名", "there is no change of the city, and so no rank")
    return _rank(
        name, change_ranks(change, out), city, clean if out[city] else none, part, Source.of(rule, rule.change)
    )


def _rank(
    name: Text, ranks: NDArray[np.int32], city: int, none: Text, part: Explanation, source: Source
) -> Explanation:
    rank, number = int(ranks[city]), int((ranks != UNRANKED).sum())
    tied = int((ranks == rank).sum()) - 1
    told = Text(
        f"{number}个城市参与排名，{name.zh}小于该市的{rank - 1}个，与该市相同的{tied}个，列第{rank}位",
        f"{number} cities have a rank; {rank - 1} have a smaller figure and {tied} the same: rank {rank}",
    )
    return Explanation(
        name=Text(f"{name.zh}排名", f"rank by the {name.en}"),
        value=rank if rank != UNRANKED else None,
        rule=told if rank != UNRANKED else none,
        source=source,
        valid=number,
        expected=ranks.size,
        parts=(part,),
    )


def _decimal(whole: int, decimals: int) -> str:
    return f"{whole / 10**decimals:.{decimals}f}".replace("-", "−")
