"""The shares of a bulletin: published sets, and that they sum to 100."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import standards
from qingchuan.processing.water.bulletin import (
    Week,
    bulletin_shares,
    changes_sentence,
    grouped_counts,
    shares_sentence,
    weekly_sentence,
)
from qingchuan.processing.water.shares import class_shares

MEASURES = standards.load("hb2011_22", standards.WaterStatus)

PUBLISHED = [
    pytest.param([49, 9, 6, 19], 1, ["59.0", "10.9", "7.2", "22.9"], id="national-2007-week-2"),
    pytest.param([95, 21, 10, 4], 0, ["73", "16", "8", "3"], id="national-2012-week-33"),
    pytest.param([100, 14, 7, 6], 1, ["78.8", "11.0", "5.5", "4.7"], id="national-2013"),
    pytest.param([16, 12, 6, 8], 1, ["38.1", "28.6", "14.3", "19.0"], id="jiangsu-2015-week-7"),
    pytest.param([1, 7, 5], 1, ["7.7", "53.8", "38.5"], id="zhenjiang-2018-week-42"),
]


@pytest.mark.parametrize(("counts", "decimals", "shares"), PUBLISHED)
def test_published_shares(counts: list[int], decimals: int, shares: list[str]) -> None:
    """Counts and shares as the bulletins print them."""
    assert bulletin_shares(counts, decimals).tolist() == [int(share.replace(".", "")) for share in shares]


@pytest.mark.parametrize(("part", "whole", "share"), [(132, 146, 90.4), (1, 146, 0.7), (28, 42, 66.7)])
def test_published_single_shares_are_rounded_by_themselves(part: int, whole: int, share: float) -> None:
    """Jiangsu, 2025 week 17 and 2015 week 7: no set to sum to 100."""
    assert float(class_shares([1] * part + [6] * (whole - part), MEASURES).good) == share


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(0, 3))
def test_shares_sum_to_100_and_lie_within_a_unit_of_the_exact_ones(counts: list[int], decimals: int) -> None:
    """No share is cut or raised by a whole unit, and what is empty stays empty."""
    shares = bulletin_shares(counts, decimals).tolist()
    if not sum(counts):
        assert shares == [-1] * len(counts)
        return
    assert sum(shares) == 100 * 10**decimals
    for count, share in zip(counts, shares, strict=True):
        assert abs(share - Fraction(count * 100 * 10**decimals, sum(counts))) < 1
        assert count or not share


@given(st.lists(st.integers(0, 500), min_size=2, max_size=6))
def test_more_sections_never_have_a_smaller_share(counts: list[int]) -> None:
    """The nudge does not turn the order."""
    shares = bulletin_shares(counts, 1).tolist()
    ordered = sorted(zip(counts, shares, strict=True))
    assert [share for _, share in ordered] == sorted(shares)


def test_of_equal_remainders_the_first_is_raised() -> None:
    """Three thirds."""
    assert bulletin_shares([1, 1, 1], 1).tolist() == [334, 333, 333]


def test_many_periods_at_once() -> None:
    """Along the last axis; a period without sections has no shares."""
    found = bulletin_shares(np.array([[[1, 1], [0, 0]], [[2, 1], [0, 5]]]), 0)
    assert found.tolist() == [[[50, 50], [-1, -1]], [[67, 33], [0, 100]]]
    assert bulletin_shares(np.empty((0, 3), dtype=int), 1).shape == (0, 3)


def test_a_negative_count_is_refused() -> None:
    """There are no fewer than none."""
    with pytest.raises(ValueError, match="a count of sections has -1; it is 0 or more"):
        bulletin_shares([-1, 2], 1)


def test_good_classes_are_one_group() -> None:
    """Ⅰ–Ⅲ, Ⅳ, Ⅴ, 劣Ⅴ."""
    assert grouped_counts([[1, 2, 3, 4, 5, 6]], MEASURES).tolist() == [[6, 4, 5, 6]]


def test_the_sentence_of_2007_week_2() -> None:
    """As the bulletin tells it; how the 49 good sections divide is not published."""
    told = shares_sentence([0, 0, 49, 9, 6, 19], 1, MEASURES)
    assert told.zh.startswith("Ⅰ～Ⅲ类水质的断面为49个，占59.0%；Ⅳ类")
    assert told.en.endswith("worse than Ⅴ: 19 sections, 22.9 %.")
    assert shares_sentence([0] * 6, 1, MEASURES).zh == "无断面参加评价。"


def test_the_opening_of_a_weekly_bulletin() -> None:
    """Week, days, network, items, then the shares."""
    week = Week(2007, 2, date(2007, 1, 8), date(2007, 1, 14))
    told = weekly_sentence(week, "全国主要水系", ("ph", "do"), [0, 0, 49, 9, 6, 19], 1, MEASURES)
    assert told.startswith(
        "2007年第2周（1月8日～1月14日），全国主要水系83个重点断面水质自动监测站2项指标（pH值、溶解氧）"
    )
    assert told.endswith("劣Ⅴ类的断面为19个，占22.9%。")


@pytest.mark.parametrize(
    ("better", "worse", "told"),
    [
        (["黑河"], [], "本周黑河断面，水质状况有所好转。"),
        ([], ["肇源", "同江"], "本周肇源、同江断面，水质状况有所下降。"),
        ([], [], "本周各断面水质类别无变化。"),
    ],
)
def test_the_sentence_of_the_changes(better: list[str], worse: list[str], told: str) -> None:
    """Better ones first; nothing is said of what is empty."""
    assert changes_sentence(better, worse) == told


@pytest.mark.parametrize("counts", [5, [49, 9, 6, 19]])
def test_a_count_of_each_class_is_needed(counts: ArrayLike) -> None:
    """Groups are not classes."""
    with pytest.raises(ValueError, match="one for each of 6 classes"):
        grouped_counts(counts, MEASURES)
