"""The ranking of cities: by the composite index, by the good-air rate, and by how much the index changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.index_change import IndexChange
from qingchuan.processing.ranks import (
    UNRANKED,
    competition_ranks_ascending,
    competition_ranks_descending,
    whole_numbers,
)
from qingchuan.processing.rounding import divide_half_even

NO_GAP = -1
"""The gap where no city is on that side."""

NO_SHARE = -1
"""The share of a city that has no rank."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Ranks of cities by one figure, and how far they are from one another.

    Attributes
    ----------
    figures : ndarray of int64, shape (..., cities)
        What they are ranked by, in units of its last decimal.
    ranks : ndarray of int32, shape (..., cities)
        1 is the best; equal ones share a rank, and the next one counts all before it. 0 where there is none. [-]
    ahead, behind : ndarray of int64, shape (..., cities)
        By how much the next better, and the next worse, figure differs, in units of the figure. -1 where there is none.
    worse : ndarray of int64, shape (..., cities)
        How many of the cities are worse. [-]
    number : ndarray of int64, shape (...)
        How many have a rank: 169 or 168 where all key cities do. [-]
    places_best, places_worst : ndarray of int32, shape (..., cities)
        Places on the list of the best and on that of the worst, 1 first; 0 for a city that does not stand on it. [-]
    """

    figures: NDArray[np.int64]
    ranks: NDArray[np.int32]
    ahead: NDArray[np.int64]
    behind: NDArray[np.int64]
    worse: NDArray[np.int64]
    number: NDArray[np.int64]
    places_best: NDArray[np.int32]
    places_worst: NDArray[np.int32]

    def best(self, listed: int) -> NDArray[np.bool_]:
        """Which cities are the best so many, and those who tie with the last of them.

        Parameters
        ----------
        listed : int
            How many: `OrderRule.listed`. [-]

        Returns
        -------
        ndarray of bool, shape (..., cities)

        Examples
        --------
        >>> rank_by_index([402, 311, 311, 520, -1]).best(1)
        array([False,  True,  True, False, False])
        """
        return np.asarray((self.places_best != UNRANKED) & (self.places_best <= listed))

    def worst(self, listed: int) -> NDArray[np.bool_]:
        """Which cities are the worst so many, and those who tie with the last of them.

        Parameters
        ----------
        listed : int
            How many: `OrderRule.listed`. [-]

        Returns
        -------
        ndarray of bool, shape (..., cities)

        Examples
        --------
        >>> rank_by_index([402, 311, 311, 520, -1]).worst(2)
        array([ True, False, False,  True, False])
        """
        return np.asarray((self.places_worst != UNRANKED) & (self.places_worst <= listed))

    def share_worse(self, decimals: int) -> NDArray[np.int64]:
        """Share of the ranked cities that each city is better than (优于百分之几的城市).

        Parameters
        ----------
        decimals : int
            Of the share in percent. [-]

        Returns
        -------
        ndarray of int64, shape (..., cities)
            In units of its last decimal: 86.8 % is 868. -1 where there is no rank.

        Examples
        --------
        >>> rank_by_index([402, 311, 311, 520, -1]).share_worse(1)
        array([250, 500, 500,   0,  -1])
        """
        of_all = np.maximum(self.number, 1)[..., np.newaxis]
        share = divide_half_even(100 * 10**decimals * self.worse, of_all)
        return np.asarray(np.where(self.ranks == UNRANKED, NO_SHARE, share))


def rank_by_index(totals: ArrayLike) -> Ranking:
    """Ranking by the composite index, the smallest first.

    Parameters
    ----------
    totals : array_like of int, shape (..., cities)
        `CompositeIndex.total`. Below 0 where there is none.

    Returns
    -------
    Ranking

    Raises
    ------
    TypeError
        The totals are no whole numbers.

    References
    ----------
    .. [1] 环办监测〔2018〕19号, 三.

    Examples
    --------
    >>> found = rank_by_index([402, 311, 311, 520, -1])
    >>> found.ranks, found.ahead, found.behind
    (array([3, 1, 1, 4, 0], dtype=int32), array([ 91,  -1,  -1, 118,  -1]), array([118,  91,  91,  -1,  -1]))
    """
    totals = _whole(totals)
    ranked = totals >= 0
    return _ranking(totals, totals, ranked, ranked, ranked)


def rank_by_rate(rates: ArrayLike) -> Ranking:
    """Ranking by the good-air rate, the largest first.

    Parameters
    ----------
    rates : array_like of int, shape (..., cities)
        `GoodAirRate.rate`, in units of its last decimal. Below 0 where there is none.

    Returns
    -------
    Ranking

    Raises
    ------
    TypeError
        The rates are no whole numbers.

    Examples
    --------
    >>> rank_by_rate([868, 901, 901, -1]).ranks
    array([3, 1, 1, 0], dtype=int32)
    """
    rates = _whole(rates)
    ranked = rates >= 0
    return _ranking(rates, -rates, ranked, ranked, ranked)


def rank_by_change(change: IndexChange, exempt: ArrayLike) -> Ranking:
    """Ranking by the change of the composite index, the one that got better most first.

    Parameters
    ----------
    change : IndexChange
        Of cities, shape (..., cities).
    exempt : array_like of bool, shape (..., cities)
        Cities that meet the standard, of `meets_standard`: they have a rank, and are not put on the list of the worst.

    Returns
    -------
    Ranking
        `best` lists only cities whose index fell, `worst` only those whose index rose.

    References
    ----------
    .. [1] 环办监测函〔2017〕197号: both lists are shorter where fewer cities got better, or worse.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.index_change import index_change
    >>> rule = standards.load("hb2018_19", standards.CityAirRanking)
    >>> change = index_change([263, 300, 420, 250], [289, 290, 400, 240], rule)
    >>> found = rank_by_change(change, [False, False, False, True])
    >>> found.figures, found.ranks, found.best(20), found.worst(20)
    (array([-90,  34,  50,  42]), array([1, 2, 4, 3], dtype=int32), array([ True, False, False, False]),
     array([False,  True,  True, False]))
    """
    rate, exempt = change.rate, np.asarray(exempt, dtype=np.bool_)
    return _ranking(rate, rate, change.known, change.known & (rate < 0), change.known & (rate > 0) & ~exempt)


def rank_among(totals: ArrayLike, others: ArrayLike) -> NDArray[np.int32]:
    """Rank that each of some indices would have among the others, which stay as they are.

    Parameters
    ----------
    totals : array_like of int, any shape
        Composite indices that one city might have. Below 0 where there is none.
    others : array_like of int, shape (cities,)
        Those of the other cities. Below 0 where there is none.

    Returns
    -------
    ndarray of int32, shape of `totals`
        1 is the best; 0 where there is no index. [-]

    Raises
    ------
    TypeError
        Indices that are no whole numbers.

    Examples
    --------
    >>> rank_among([310, 311, 312, -1], [402, 311, 311, -1])
    array([1, 1, 3, 0], dtype=int32)
    """
    totals, others = whole_numbers(totals).astype(np.int64), np.sort(_whole(others))
    before = np.searchsorted(others[others >= 0], totals, side="left")
    return np.asarray(np.where(totals >= 0, before + 1, UNRANKED)).astype(np.int32)


def _ranking(
    figures: NDArray[np.int64],
    keys: NDArray[np.int64],
    ranked: NDArray[np.bool_],
    may_be_best: NDArray[np.bool_],
    may_be_worst: NDArray[np.bool_],
) -> Ranking:
    """Ranking by `keys`, of which the smallest is the best; differences of them are those of the figures."""
    ranks, from_worst = competition_ranks_ascending(keys, ranked), competition_ranks_descending(keys, ranked)
    number = np.asarray(ranked.sum(axis=-1))
    ordered = np.sort(np.where(ranked, keys, np.iinfo(np.int64).max), axis=-1)
    ahead = keys - _taken(ordered, ranks.astype(np.int64) - 2)
    behind = _taken(ordered, number[..., np.newaxis] - from_worst.astype(np.int64) + 1) - keys
    return Ranking(
        figures=figures,
        ranks=ranks,
        ahead=np.where(ranks > 1, ahead, NO_GAP),
        behind=np.where(from_worst > 1, behind, NO_GAP),
        worse=np.where(ranked, from_worst - 1, 0).astype(np.int64),
        number=number,
        places_best=competition_ranks_ascending(keys, may_be_best),
        places_worst=competition_ranks_descending(keys, may_be_worst),
    )


def _taken(ordered: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys at places of the order; 0 where the place is none of it."""
    within = (places >= 0) & (places < ordered.shape[-1])
    if not ordered.shape[-1]:
        return np.zeros(places.shape, np.int64)
    return np.where(within, np.take_along_axis(ordered, np.where(within, places, 0), axis=-1), 0)


def _whole(figures: ArrayLike) -> NDArray[np.int64]:
    return np.atleast_1d(whole_numbers(figures)).astype(np.int64)
