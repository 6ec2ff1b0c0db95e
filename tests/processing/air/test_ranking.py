"""Rankings: ties, lists, gaps, who has no rank, and the change of the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing import standards
from qingchuan.processing.air.index_change import index_change, meets_standard
from qingchuan.processing.air.ranking import Ranking, rank_among, rank_by_change, rank_by_index, rank_by_rate
from qingchuan.processing.standards import AmbientAirLimits, CityAirRanking
from tests.support import ranking_oracle as oracle

RULE = standards.load("hb2018_19", CityAirRanking)
LIMITS = {name: standards.load(name, AmbientAirLimits) for name in ("gb3095_2012", "gb3095_2026")}
EDGE = {"so2": 60, "no2": 40, "pm10": 70, "pm25": 35, "co": 40, "o3_8h": 160}

figures = st.lists(st.integers(-1, 12), max_size=12)


def _places(found: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("source", "totals", "ranks"),
    [
        (
            "Guangdong 2017-08: two cities 10th, the next 12th",
            [*range(200, 209), 288, 288, 300],
            [*range(1, 10), 10, 10, 12],
        ),
        ("Guangdong 2018-04: two cities 7th, the next 9th", [*range(200, 206), 366, 366, 370], [*range(1, 7), 7, 7, 9]),
        ("1, 1, 3", [311, 311, 402], [1, 1, 3]),
        ("all alike", [5, 5, 5], [1, 1, 1]),
        ("one has no index", [5, -1, 4], [2, 0, 1]),
    ],
)
def test_equal_indices_share_a_rank(source: str, totals: list[int], ranks: list[int]) -> None:
    """Competition ranking, as published; who has no index has no rank."""
    assert rank_by_index(totals).ranks.tolist() == ranks, source


def test_the_largest_rate_is_first() -> None:
    """Descending; the gaps are those of the rate."""
    found = rank_by_rate([868, 901, -1, 901, 1000])
    assert found.ranks.tolist() == [4, 2, 0, 2, 1]
    assert found.ahead.tolist() == [33, 99, -1, 99, -1]
    assert found.behind.tolist() == [-1, 33, -1, 33, 99]


def test_a_tie_at_the_end_of_a_list_makes_it_longer() -> None:
    """Two 20th make 21 of the best; so it is at the other end."""
    totals = [*range(100, 119), 150, 150, *range(200, 240)]
    assert _places(rank_by_index(totals).best(20)) == list(range(21))
    assert _places(rank_by_index([-total + 1000 for total in totals]).worst(20)) == list(range(21))


def test_a_tie_before_the_end_of_a_list_does_not_make_it_longer() -> None:
    """As published in 2020: from the first to two that are 19th, which are 20 cities."""
    totals = [*range(100, 118), 150, 150, 151, *range(200, 240)]
    assert _places(rank_by_index(totals).best(20)) == list(range(20))


def test_a_list_is_shorter_where_there_are_fewer_cities() -> None:
    """And a city without an index stands on none."""
    found = rank_by_index([3, -1, 2])
    assert _places(found.best(20)) == _places(found.worst(20)) == [0, 2]
    assert _places(found.best(0)) == []


def test_shares_are_of_the_cities_that_have_a_rank() -> None:
    """The best of four is better than three of them: 75.0 %."""
    assert rank_by_index([4, 3, 1, 2, -1]).share_worse(1).tolist() == [0, 250, 750, 500, -1]
    assert rank_by_index([-1, -1]).share_worse(1).tolist() == [-1, -1]


@given(figures)
def test_a_ranking_is_that_of_another_hand(totals: list[int]) -> None:
    """Ranks, gaps and places on the lists, counted one by one."""
    found, there = rank_by_index(totals), [total for total in totals if total >= 0]
    for city, total in enumerate(totals):
        better, worse = [other for other in there if other < total], [other for other in there if other > total]
        ranked = total >= 0
        assert found.ranks[city] == (1 + len(better) if ranked else 0)
        assert found.ahead[city] == (total - max(better) if ranked and better else -1)
        assert found.behind[city] == (min(worse) - total if ranked and worse else -1)
        assert found.worse[city] == (len(worse) if ranked else 0)
        for listed in (1, 3):
            assert found.best(listed)[city] == (ranked and len(better) < listed)
            assert found.worst(listed)[city] == (ranked and len(worse) < listed)
    assert found.number == len(there)


@given(arrays.arrays(np.int64, arrays.array_shapes(min_dims=2, max_dims=3, max_side=5), elements=st.integers(-1, 5)))
def test_each_period_is_ranked_by_itself(totals: NDArray[np.int64]) -> None:
    """Any leading axes, in memory the other way round; the input stays as it is."""
    turned = np.asfortranarray(totals)
    turned.flags.writeable = False
    together = rank_by_index(turned)
    for place in np.ndindex(totals.shape[:-1]):
        alone = rank_by_index(totals[place])
        for name in Ranking.__slots__:
            assert np.array_equal(getattr(together, name)[place], getattr(alone, name)), name


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_nothing_to_rank_gives_nothing(shape: tuple[int, ...]) -> None:
    """Empty arrays keep their shape."""
    found = rank_by_index(np.empty(shape, np.int64))
    assert found.ranks.shape == found.ahead.shape == found.best(20).shape == found.share_worse(1).shape == shape


def test_one_city_without_an_axis_is_a_ranking_of_one() -> None:
    """It is the best and the worst, and nobody is beside it."""
    found = rank_by_index(311)
    assert (found.ranks.tolist(), found.ahead.tolist(), found.behind.tolist()) == ([1], [-1], [-1])
    assert found.best(1).tolist() == found.worst(1).tolist() == [True]


@given(figures, st.integers(-1, 12))
def test_a_rank_among_others_is_the_one_it_would_have_with_them(others: list[int], own: int) -> None:
    """The same as ranking all together."""
    assert rank_among(own, others) == rank_by_index([own, *others]).ranks[0]


def test_the_published_change_comes_out() -> None:
    """Wuyuan: 2.63 after 2.89 is −9.0 %."""
    found = index_change([263, 289, 300], [289, 263, 300], RULE)
    assert (found.rate.tolist(), found.known.tolist(), found.decimals) == ([-90, 99, 0], [True] * 3, 1)


@pytest.mark.parametrize(
    ("total", "before", "rate"),
    [
        (2001, 2000, 0),
        (2003, 2000, 2),
        (1999, 2000, 0),
        (1997, 2000, -2),
        (400, 0, None),
        (-1, 300, None),
        (300, -1, None),
    ],
)
def test_a_change_is_rounded_once_half_to_even(total: int, before: int, rate: int | None) -> None:
    """0.05 % and 0.15 % are ties; without one of the indices, or after one of 0, there is no change."""
    found = index_change(total, before, RULE)
    assert (int(found.rate) if found.known else None) == rate


def test_the_lists_of_the_change_hold_only_who_got_better_and_only_who_got_worse() -> None:
    """All of them where they are few; one that did not change stands on neither, one without a change has no rank."""
    change = index_change([90, 95, 100, 110, 120, -1], [100] * 6, RULE)
    found = rank_by_change(change, [False] * 6)
    assert found.ranks.tolist() == [1, 2, 3, 4, 5, 0]
    assert (_places(found.best(20)), _places(found.worst(20))) == ([0, 1], [3, 4])
    assert (_places(found.best(1)), _places(found.worst(1))) == ([0], [4])


def test_who_meets_the_standard_is_not_listed_as_worse_and_leaves_the_place_to_the_next() -> None:
    """It keeps its rank among all."""
    change = index_change([110, 120, 130], [100] * 3, RULE)
    found = rank_by_change(change, [False, False, True])
    assert found.ranks.tolist() == [1, 2, 3]
    assert _places(found.worst(1)) == [1]


@pytest.mark.parametrize("item", EDGE)
def test_a_city_meets_the_standard_up_to_the_limit(item: str) -> None:
    """Both sides of each limit of grade II, and an item that is missing."""
    met = {key: np.array(value, np.uint16) for key, value in EDGE.items()}
    for value, expected in ((EDGE[item], True), (EDGE[item] + 1, False), (65535, False)):
        changed = met | {item: np.array(value, np.uint16)}
        assert meets_standard(changed, RULE, LIMITS["gb3095_2012"], on=date(2020, 12, 31)) == expected
    left_out = {key: value for key, value in met.items() if key != item}
    assert not meets_standard(left_out, RULE, LIMITS["gb3095_2012"], on=date(2020, 12, 31))


def test_the_standard_that_is_met_is_the_one_in_force() -> None:
    """Particles are judged more strictly from 2026 on, though the limits of the index stay."""
    met = {key: np.array(value, np.uint16) for key, value in EDGE.items()}
    assert not meets_standard(met, RULE, LIMITS["gb3095_2026"], on=date(2026, 12, 31))
    stricter = met | {"pm10": np.array(60, np.uint16), "pm25": np.array(30, np.uint16)}
    assert meets_standard(stricter, RULE, LIMITS["gb3095_2026"], on=date(2026, 12, 31))


def test_the_oracle_agrees_on_a_rank() -> None:
    """Competition ranks of the plain code."""
    assert [oracle.rank(own, [311, 311, 402]) for own in (310, 311, 312, 500)] == [1, 1, 3, 4]


@pytest.mark.parametrize("rank", [rank_by_index, rank_by_rate, lambda totals: rank_among(totals, [311])])
def test_figures_that_are_no_whole_numbers_are_refused(rank: Callable[[ArrayLike], object]) -> None:
    """3.11 and 3.02 are two figures: cut to whole numbers they would tie."""
    with pytest.raises(TypeError, match="the values have the type float64; ranks need whole numbers"):
        rank([3.11, 3.02])


def test_a_change_of_indices_that_are_no_whole_numbers_is_refused() -> None:
    """2.63 against 2.89 would be 2 against 2: no change."""
    with pytest.raises(TypeError, match="whole numbers"):
        index_change([2.63], [2.89], RULE)
