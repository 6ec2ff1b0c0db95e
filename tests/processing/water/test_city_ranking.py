"""The ranking of cities by their water: Jilin's published order, changes, who is left out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.city_ranking import NO_CHANGE, change_ranks, index_change, index_ranks, left_out

RULE = standards.load("hb2017_51", standards.CityWaterRanking)

# Jilin, 2020, January to June, as published from the first rank to the last.
JILIN = {
    "白山": 3.0229, "通化": 3.4643, "长白山": 3.8408, "吉林": 4.2664, "延边": 4.4195, "松原": 4.6321,
    "公主岭": 4.8718, "长春": 5.4231, "白城": 5.8976, "梅河口": 6.5198, "四平": 6.8367, "辽源": 7.1454,
}  # fmt: skip


def test_the_published_order_of_jilin() -> None:
    """Whatever order the cities are given in."""
    names = sorted(JILIN)
    ranks = index_ranks([round(JILIN[name] * 10000) for name in names])
    assert [name for _, name in sorted(zip(ranks.tolist(), names, strict=True))] == list(JILIN)


def test_equal_indices_share_a_rank_and_a_city_without_one_has_none() -> None:
    """1, 1, 3."""
    assert index_ranks([[30229, 30229, -1, 34643]]).tolist() == [[1, 1, 0, 3]]


@pytest.mark.parametrize(
    ("index", "base", "change"),
    [
        (71454, 146302, -5116),
        (40000, 40000, 0),
        (40001, 40000, 0),
        (40002, 40000, 0),
        (40003, 40000, 1),
        (40006, 40000, 2),
        (39997, 40000, -1),
        (80000, 40000, 10000),
        (-1, 40000, NO_CHANGE),
        (40000, -1, NO_CHANGE),
        (40000, 0, NO_CHANGE),
    ],
)
def test_a_change_has_two_decimals_half_to_even(index: int, base: int, change: int) -> None:
    """0.005 % is 0.00 %, 0.015 % is 0.02 %; without either index there is none."""
    assert int(index_change(index, base, RULE)) == change


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_change_is_that_of_fractions(index: int, base: int) -> None:
    """Of the published indices."""
    assert int(index_change(index, base, RULE)) == round(Fraction(index - base, base) * 10000)


def test_the_greatest_improvement_is_first() -> None:
    """Without a change, or left out, there is no rank, and none is taken from others."""
    change = [[-100, -5116, NO_CHANGE, 300, -9000]]
    assert change_ranks(change, [False, False, False, False, True]).tolist() == [[2, 1, 0, 3, 0]]


@pytest.mark.parametrize(
    ("now", "base", "targets", "out"),
    [
        ([1, 2], [2, 2], [2, 2], True),
        ([1, 3], [2, 2], [2, 3], False),
        ([1, 2], [2, 3], [2, 3], False),
        ([2, 2], [2, 2], [1, 2], False),
        ([2, 0], [2, 2], [2, 2], False),
        ([2, 2], [2, 0], [2, 2], False),
        ([2, 0], [2, 0], [2, 0], True),
        ([2, 6], [2, 6], [2, 0], True),
        ([0, 0], [0, 0], [0, 0], False),
        ([], [], [], False),
    ],
)
def test_who_is_left_out_of_the_ranking_by_change(
    now: list[int],
    base: list[int],
    targets: list[int],
    out: bool,  # noqa: FBT001 - expected value
) -> None:
    """All sections at Ⅱ or better both times and at their targets; one that is not known keeps its city in."""
    assert bool(left_out(now, base, targets, RULE)) is out


def test_many_cities_at_once() -> None:
    """Over leading axes."""
    now = np.full((3, 2, 4), 2, dtype=np.uint8)
    assert left_out(now, now, now, RULE).shape == (3, 2)
    assert index_change(np.full((3, 2), 5), np.full(2, 4), RULE).tolist() == [[2500] * 2] * 3
    assert index_ranks(np.empty((3, 0), dtype=np.int64)).shape == (3, 0)
