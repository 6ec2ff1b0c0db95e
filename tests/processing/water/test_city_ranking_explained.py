"""Changes of the index of a city, and ranks, explained."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.city_ranking import NO_CHANGE, change_ranks, index_change, index_ranks
from qingchuan.processing.water.city_ranking_explained import (
    explain_change_rank,
    explain_index_change,
    explain_index_rank,
)

RULE = standards.load("hb2017_51", standards.CityWaterRanking)
INDICES = [30229, 34643, 34643, -1, 71454]


@given(st.integers(-1, 10**6), st.integers(-1, 10**6))
def test_a_change_is_told_as_it_is_computed(index: int, base: int) -> None:
    """And the exact one rounds to it."""
    told, found = explain_index_change(index, base, RULE), int(index_change(index, base, RULE))
    if found == NO_CHANGE:
        assert (told.value, told.exact) == (None, None)
        assert told.rule.zh == "缺少本期或基准年的指数，不计算"
    else:
        assert told.exact is not None
        assert (told.value, round(told.exact * 100)) == (found / 100, found)


def test_a_change_is_told_with_both_indices() -> None:
    """辽源, January to June of 2020: 7.1454, −51.16 % (what it was before is worked back)."""
    told = explain_index_change(71454, 146302, RULE)
    assert (told.value, told.exact) == (-51.16, Fraction(100 * (71454 - 146302), 146302))
    assert told.rule.zh == "ΔCWQI=(7.1454−14.6302)/14.6302×100%=−51.16%，低于0为改善"


@pytest.mark.parametrize("city", range(len(INDICES)))
def test_a_rank_is_told_as_it_is_given(city: int) -> None:
    """With the index of the city as its part."""
    told, rank = explain_index_rank(INDICES, city, RULE), int(index_ranks(INDICES)[city])
    assert told.value == (rank or None)
    assert (told.valid, told.expected) == (4, 5)
    assert told.parts[0].value == (INDICES[city] / 10_000 if rank else None)


def test_a_rank_is_told_with_who_is_before_and_who_ties() -> None:
    """A city without an index has none."""
    assert explain_index_rank(INDICES, 2, RULE).rule.zh == (
        "4个城市参与排名，城市水质指数小于该市的1个，与该市相同的1个，列第2位"
    )
    assert explain_index_rank(INDICES, 2, RULE).rule.en == (
        "4 cities have a rank; 1 have a smaller figure and 1 the same: rank 2"
    )
    assert explain_index_rank(INDICES, 3, RULE).rule.zh == "该市无城市水质指数，不参与排名"


@pytest.mark.parametrize(
    ("city", "rule"),
    [
        (0, "2个城市参与排名，城市水质指数变化率小于该市的1个，与该市相同的0个，列第2位"),
        (1, "2个城市参与排名，城市水质指数变化率小于该市的0个，与该市相同的0个，列第1位"),
        (2, "该市无变化率，不参与变化情况排名"),
        (3, "各断面基准年和现状水质均已达到规定类别且达标，不参与变化情况排名"),
    ],
)
def test_a_rank_by_change_is_told_or_why_there_is_none(city: int, rule: str) -> None:
    """The greatest improvement is first."""
    change, out = [1250, -5116, NO_CHANGE, -300], [False, False, False, True]
    told = explain_change_rank(change, out, city, RULE)
    assert told.rule.zh == rule
    assert told.parts[0].value == [12.5, -51.16, None, -3.0][city]
    assert told.value == (int(change_ranks(change, out)[city]) or None)
