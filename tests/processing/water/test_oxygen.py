"""Saturation of oxygen, and class Ⅰ by it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.classes import item_classes
from qingchuan.processing.water.oxygen import explain_saturation, saturated, saturation

STANDARD = standards.load("gb3838_2002", standards.SurfaceWaterClasses)


@given(st.integers(0, 2000), st.integers(-50, 500))
def test_a_share_reaches_90_percent_exactly_where_it_does(hundredths: int, tenths: int) -> None:
    """Against fractions: 468/(31.6 + T)."""
    oxygen, temperature = Fraction(hundredths, 100), Fraction(tenths, 10)
    full = Fraction(468) / (Fraction(316, 10) + temperature)
    expected = oxygen / full >= Fraction(9, 10)
    assert bool(saturated(hundredths / 100, tenths / 10, STANDARD)) is expected


def test_90_percent_to_the_last_digit_is_reached() -> None:
    """8.1 mg/L at 20.4 ℃ are 90 % exactly (468/52 = 9); a hair less is not."""
    assert saturated([8.1, 8.09, np.nextafter(8.1, 0)], 20.4, STANDARD).tolist() == [True, False, False]
    assert saturation(8.1, 20.4, STANDARD) == pytest.approx(90)
    assert saturated(7.02, 28.4, STANDARD)  # 468/60 × 0.9
    assert not saturated(7.01, 28.4, STANDARD)


def test_a_published_saturation() -> None:
    """8.7 mg/L at 22 ℃, as exercises on HJ 2.3 have it."""
    assert saturation(468 / 53.6, 22.0, STANDARD) == pytest.approx(100)
    assert round(468 / 53.6, 1) == 8.7


@pytest.mark.parametrize(
    ("oxygen", "temperature"),
    [(np.nan, 20.0), (9.0, np.nan), (-1.0, 20.0), (np.inf, 20.0), (9.0, np.inf), (9.0, -31.6), (9.0, -40.0)],
)
def test_without_both_there_is_no_saturation(oxygen: float, temperature: float) -> None:
    """Then 7.5 mg/L decides."""
    assert np.isnan(saturation(oxygen, temperature, STANDARD))
    assert not saturated(oxygen, temperature, STANDARD)


def test_saturation_makes_class_one_and_nothing_else() -> None:
    """Only of dissolved oxygen, only better, and never out of a missing value."""
    values = [[7.0, 7.0, 7.6, np.nan], [5.0, 5.0, 5.0, 5.0]]
    reached = [True, False, False, True]
    assert item_classes(values, ("do", "codmn"), "river", STANDARD, reached).tolist() == [[1, 2, 1, 0], [3] * 4]
    assert item_classes(values, ("do", "codmn"), "river", STANDARD).tolist() == [[2, 2, 1, 0], [3] * 4]
    assert item_classes([1.0], ("do",), "river", STANDARD, True).tolist() == [1]  # noqa: FBT003 - one for all


def test_shapes_are_broadcast_and_kept() -> None:
    """One temperature for many values, and none at all."""
    assert saturated(np.full((2, 3), 9.0), 20.0, STANDARD).shape == (2, 3)
    assert saturation(np.empty((0, 2)), 20.0, STANDARD).shape == (0, 2)
    assert saturated(9.0, 20.0, STANDARD).shape == ()


@pytest.mark.parametrize(
    ("oxygen", "temperature", "words"),
    [
        (8.1, 20.4, "468/(31.6+20.4)=9 mg/L，溶解氧 8.1 mg/L，饱和率 90%，达到 90%，溶解氧为Ⅰ类"),
        (8.09, 20.4, "饱和率 89.8889%，低于 90%，按浓度定类"),
        (14.0, 0.0, "468/(31.6+0)=14.8101 mg/L"),
        (14.0, -0.6, "水温 -0.6 ℃ 时饱和溶解氧为 468/(31.6−0.6)=15.0968 mg/L"),
    ],
)
def test_a_saturation_is_told_as_it_is_computed(oxygen: float, temperature: float, words: str) -> None:
    """Both sides of 90 %, and water below 0 ℃."""
    told = explain_saturation(oxygen, temperature, STANDARD)
    assert told.value == float(saturation(oxygen, temperature, STANDARD))
    assert told.exact is not None
    assert (told.exact >= 90) is bool(saturated(oxygen, temperature, STANDARD))
    assert float(told.exact) == pytest.approx(told.value)
    assert told.limit == 90
    assert words in told.rule.zh


def test_a_saturation_of_nothing_is_told() -> None:
    """Without either there is none."""
    told = explain_saturation(np.nan, 20.0, STANDARD)
    assert (told.value, told.exact, told.rule.zh) == (None, None, "溶解氧或水温缺测，不计算")
