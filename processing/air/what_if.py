"""What it takes to gain places: what each pollutant may be over the remaining days of the period.

Every answer is the largest whole number that the rounded figures allow: it is found on the very functions that make
the index, none of which falls when a concentration rises.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.composite_index import (
    NO_INDEX,
    composite_index,
    concentration,
    ranking_concentrations,
    single_index,
    weighted_total,
)
from qingchuan.processing.air.ranking import rank_among
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled
from qingchuan.processing.standards import CityAirRanking, Text
from qingchuan.processing.standards.city_ranking import IndexRow

AS_THEY_ARE = Text("其他城市维持目前综合指数", "the other cities keep the indices that they have so far")
"""The basis where the indices of the others are those of the period so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNeed:
    """What one item alone must be, the others being as they are so far.

    Attributes
    ----------
    item : str
    concentration, single : int
        Of the period so far. [scaled, of the decimals of the rule] [last decimal of the index]
    largest_single : int or None
        Largest single index with which the goal is reached; None where it is not, even without this item.
    largest_concentration : int or None
        Largest concentration of the whole period that has no larger index. [scaled, of the decimals of the rule]
    largest_mean : Fraction or None
        Of items that go by their mean: largest mean of the remaining days. [scaled] None where there is none.
    level : int or None
        Largest value that all of the remaining days may have. [scaled] None where there is none.
    days_above : int or None
        Of items that go by a percentile: how many of the remaining days may lie above `largest_concentration`, however
        far, while the others do not. [d] None where even one day at that level is too many.
    days_above_at_most : int or None
        The same while the others are as clean as can be and those above are so by the least step: with more of them the
        goal is missed for certain. [d] None where it is missed without any.
    reason : Text or None
        Why the goal is out of reach by this item alone; None where it is not.
    """

    item: str
    concentration: int
    single: int
    largest_single: int | None = None
    largest_concentration: int | None = None
    largest_mean: Fraction | None = None
    level: int | None = None
    days_above: int | None = None
    days_above_at_most: int | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What it takes for a city to gain places.

    Attributes
    ----------
    total, rank : int
        Composite index of the period so far [last decimal of the index], and the rank by it; -1 and 0 where there is
        none.
    number : int
        How many cities have a rank, this one with them. [-]
    gain, goal : int
        Places to gain, and the rank that this comes to. [-]
    target : int or None
        Largest composite index with that rank: that of a city ahead, whose rank is shared. [last decimal of the index]
    remaining : int
        Days that are left. [d]
    basis : Text
        What the indices of the others are.
    items : tuple of ItemNeed
        In the order of the rule; empty where `reason` says that there is no answer.
    reason : Text or None
    """

    total: int
    rank: int
    number: int
    gain: int
    goal: int
    target: int | None
    remaining: int
    basis: Text
    items: tuple[ItemNeed, ...]
    reason: Text | None


def what_if(
    days: Mapping[str, Scaled], remaining: int, others: ArrayLike, gain: int, rule: CityAirRanking, *, basis: Text
) -> WhatIf:
    """What each pollutant must be over the remaining days for a city to gain places.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (days,)
        Daily values of the city in the period so far. [scaled]
    remaining : int
        Days that are left; each is taken to be valid. [d]
    others : array_like of int, shape (cities,)
        Composite indices of the other cities, as they are or as they are projected. Below 0 where there is none.
    gain : int
        Places to gain, 1 or more. [-]
    rule : CityAirRanking
        The edition, or a variant of it with a name.
    basis : Text
        What `others` are, such as `AS_THEY_ARE`: it is shown with the answer.

    Returns
    -------
    WhatIf

    Raises
    ------
    ValueError
        The gain is below 1, or fewer than 0 days remain.

    Notes
    -----
    A tie is enough: who shares an index shares the rank. So N places are gained when at most r − N − 1 of the others
    are strictly better, r being the rank so far; where cities ahead tie, more than N may be gained.

    References
    ----------
    .. [1] 环办监测〔2018〕19号, 三; HJ 663—2013, A.6.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> so_far = {"so2": 8, "no2": 30, "pm10": 50, "pm25": 28, "co": 9, "o3_8h": 140}
    >>> days = {item: np.full(20, value, np.uint16) for item, value in so_far.items()}
    >>> found = what_if(days, 10, [340, 345, 360], 1, rule, basis=AS_THEY_ARE)
    >>> found.total, found.rank, found.target
    (349, 3, 345)
    >>> need = found.items[3]
    >>> need.item, need.largest_concentration, need.largest_mean, need.level
    ('pm25', 26, Fraction(47, 2), 23)
    """
    if gain < 1 or remaining < 0:
        raise ValueError(
            f"the gain is {gain} and {remaining} days remain; 1 place or more, and 0 days or more would do"
        )
    index = composite_index(ranking_concentrations(days, rule), rule)
    totals = np.sort(np.asarray(others, dtype=np.int64))
    totals = totals[totals >= 0]
    total, rank = int(index.total), int(rank_among(index.total, totals))
    reason = _no_answer(total, rank, remaining, gain)
    target = None if reason else int(totals[rank - gain - 1])
    return WhatIf(
        total=total,
        rank=rank,
        number=totals.size + (rank > 0),
        gain=gain,
        goal=rank - gain,
        target=target,
        remaining=remaining,
        basis=basis,
        items=() if target is None else _needs(days, remaining, index.single, target, rule),
        reason=reason,
    )


def _no_answer(total: int, rank: int, remaining: int, gain: int) -> Text | None:
    """Why there is no answer for any item."""
    if total == NO_INDEX:
        return Text(
            "有监测项目尚无有效日值，不能计算综合指数", "an item has no valid day yet: there is no composite index"
        )
    if gain >= rank:
        return Text(
            f"目前排名第{rank}位，至多前进{rank - 1}位", f"the rank is {rank}: at most {rank - 1} can be gained"
        )
    if not remaining:
        return Text("评价时段已无剩余天数", "no day of the period remains")
    return None


def _needs(
    days: Mapping[str, Scaled], remaining: int, single: NDArray[np.int64], target: int, rule: CityAirRanking
) -> tuple[ItemNeed, ...]:
    """What each item alone must be for the composite index to be at most the target."""
    needs = []
    for place, row in enumerate(rule.index.rows):
        so_far = np.atleast_1d(days[row.item])
        need = ItemNeed(item=row.item, concentration=int(concentration(so_far, row)), single=int(single[place]))
        largest = _largest_single(single, place, target, rule)
        needs.append(_need(need, so_far[so_far != MISSING], remaining, largest, row, rule))
    return tuple(needs)


def _need(
    need: ItemNeed, so_far: Scaled, remaining: int, largest_single: int, row: IndexRow, rule: CityAirRanking
) -> ItemNeed:
    """The need of an item with its largest single index, concentration, and what that leaves to the remaining days."""
    if largest_single < 0:
        return replace(
            need,
            reason=Text(
                "其他项目不变时，该项即使为0也达不到目标综合指数",
                "while the others stay, the goal is not reached even with none of this item",
            ),
        )
    largest = _largest(need.concentration, largest_single, lambda value: int(single_index(value, row.item, rule)))
    need = replace(need, largest_single=largest_single, largest_concentration=largest)
    left = _left_to_mean if row.percent is None else _left_to_percentile
    return left(need, so_far, remaining, row, largest)


def _left_to_mean(need: ItemNeed, so_far: Scaled, remaining: int, row: IndexRow, largest: int) -> ItemNeed:
    total, scale, count = int(so_far.sum(dtype=np.int64)), 10**row.more_decimals, so_far.size + remaining
    left = _largest(remaining * LARGEST, largest, lambda added: int(divide_half_even((total + added) * scale, count)))
    if left < 0:
        return replace(need, reason=_even_clean())
    return replace(need, largest_mean=Fraction(left, remaining), level=left // remaining)


def _left_to_percentile(need: ItemNeed, so_far: Scaled, remaining: int, row: IndexRow, largest: int) -> ItemNeed:
    def of(value: int, days: int, others: int) -> int:
        """Concentration when so many of the remaining days have a value, and the rest another."""
        rest = np.repeat(np.array([value, others], np.uint16), [days, remaining - days])
        return int(concentration(np.concatenate([so_far, rest]), row))

    level = _largest(LARGEST, largest, lambda value: of(value, remaining, 0))
    if level < 0:
        return replace(need, reason=_even_clean())
    limit = largest // 10**row.more_decimals
    safely = _largest(remaining, largest, lambda days: of(LARGEST, days, limit))
    at_most = _largest(remaining, largest, lambda days: of(limit + 1, days, 0))
    return replace(
        need,
        level=level,
        days_above=None if safely < 0 else safely,
        days_above_at_most=at_most,
    )


def _largest_single(single: NDArray[np.int64], place: int, target: int, rule: CityAirRanking) -> int:
    """Largest single index of one item with which the total is at most the target; -1 where none is small enough."""

    def total(value: int) -> int:
        tried = single.copy()
        tried[place] = value
        return int(weighted_total(tried, rule))

    return _largest(int(single[place]), target, total)


def _largest(upper: int, bound: int, figure: Callable[[int], int]) -> int:
    """Largest of 0 … `upper` whose figure, which never falls, is at most the bound; -1 where none is."""
    return bisect_right(range(upper + 1), bound, key=figure) - 1


def _even_clean() -> Text:
    return Text(
        "剩余天数即使均为0，时段统计值仍高于所需浓度",
        "even with none of it on all remaining days the period stays above the concentration that is needed",
    )
