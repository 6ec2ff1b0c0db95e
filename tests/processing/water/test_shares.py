"""Shares of sections by class."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.shares import class_shares, percent

MEASURES = standards.load("hb2011_22", standards.WaterStatus)


@pytest.mark.parametrize(
    ("counts", "good", "worst"),
    [
        ((0, 10, 9, 0, 1, 0), 95.0, 0.0),  # Zhoushan, November 2024
        ((0, 5, 5, 1, 0, 0), 90.9, 0.0),  # Beilun, July 2021: 11 sections, 90.9 %
        ((0, 0, 28, 12, 1, 1), 66.7, 2.4),  # Jiangsu, week 7 of 2015: 28 of 42
        ((0, 100, 32, 9, 4, 1), 90.4, 0.7),  # Jiangsu, week 17 of 2025: 132 of 146, one worse than Ⅴ
    ],
)
def test_published_shares(counts: tuple[int, ...], good: float, worst: float) -> None:
    """Of bulletins; how the good ones split up does not matter."""
    section = np.repeat([1, 2, 3, 4, 5, 6], counts)
    found = class_shares(section, MEASURES)
    assert found.counts.tolist() == list(counts)
    assert (float(found.good), float(found.worst)) == (good, worst)


def test_sections_without_a_class_leave_the_denominator() -> None:
    """Stopped or dry ones."""
    found = class_shares([3, 0, 0, 6], MEASURES)
    assert (int(found.evaluated), float(found.good), float(found.worst)) == (2, 50.0, 50.0)


def test_without_any_class_there_are_no_shares() -> None:
    """None of nothing; also where there is no section."""
    for section in ([0, 0], np.empty(0)):
        found = class_shares(section, MEASURES)
        assert int(found.evaluated) == 0
        assert np.isnan(found.good)
        assert np.isnan(found.shares).all()


def test_months_are_told_at_once() -> None:
    """Leading axes stay."""
    found = class_shares([[1, 4], [6, 6]], MEASURES)
    assert found.good.tolist() == [50.0, 0.0]
    assert found.worst.tolist() == [0.0, 100.0]
    assert found.shares.shape == (2, 6)


@pytest.mark.parametrize("number", [-1, 7])
def test_a_class_that_does_not_exist_is_refused(number: int) -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match="it is 1 … 6, or 0 for none"):
        class_shares([number], MEASURES)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 2))
def test_a_percentage_is_the_fraction_rounded_once(part: int, whole: int, decimals: int) -> None:
    """Half to even: 1 of 16 is 6.2 %."""
    assert float(percent(part, whole, decimals)) == float(round(Fraction(100 * part, whole), decimals))
