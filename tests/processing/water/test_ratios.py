"""Ratios in whole units of their last decimal: ties, and what is missing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.water.ratios import fraction, percent_change, whole_half_even

DECIMAL = st.integers(1, 10**6).map(lambda number: number / 1000)


@pytest.mark.parametrize(
    ("value", "decimals", "whole"),
    [
        (Fraction(1, 8), 2, 12),
        (Fraction(3, 8), 2, 38),
        (Fraction(-1, 8), 2, -12),
        (Fraction(1, 8) + Fraction(1, 10**15), 2, 13),
        (Fraction(1, 8) - Fraction(1, 10**15), 2, 12),
        (Fraction(2, 3), 4, 6667),
        (Fraction(0), 4, 0),
    ],
)
def test_a_tie_goes_to_the_even_side_and_a_hair_beside_it_does_not(value: Fraction, decimals: int, whole: int) -> None:
    """The fraction decides where the float is too close to call."""
    assert int(whole_half_even(float(value), decimals, lambda _: value)) == whole


def test_the_fraction_is_asked_only_near_a_tie() -> None:
    """Anything else is quick."""
    asked: list[tuple[int, ...]] = []

    def exactly(index: tuple[int, ...]) -> Fraction:
        asked.append(index)
        return Fraction(1, 8)

    whole_half_even([[0.1, 0.125], [np.nan, 0.13]], 2, exactly)
    assert asked == [(0, 1)]


def test_what_is_missing_is_zero_in_a_shape_that_is_kept() -> None:
    """The caller knows which values there are."""
    found = whole_half_even(np.full((2, 0, 3), np.nan), 2, lambda _: Fraction(0))
    assert found.shape == (2, 0, 3)
    assert whole_half_even([np.nan, 1.0], 0, lambda _: Fraction(0)).tolist() == [0, 1]


def test_a_value_beyond_63_bits_is_refused() -> None:
    """Rather than wrapped around."""
    with pytest.raises(ValueError, match=r"a value has 1e\+20 units of its last decimal; at most 2\*\*62 fit"):
        whole_half_even(1e20, 0, lambda _: Fraction(0))
    with pytest.raises(ValueError, match="a value has inf units"):
        whole_half_even([np.nan, np.inf], 0, lambda _: Fraction(0))


@given(DECIMAL, DECIMAL, st.integers(0, 3))
def test_a_change_in_percent_is_that_of_fractions(earlier: float, later: float, decimals: int) -> None:
    """Of the decimals as they are written."""
    before, after = Fraction(str(earlier)), Fraction(str(later))
    expected = round((after - before) / before * 100 * 10**decimals)
    change, known = percent_change(earlier, later, decimals)
    assert (int(change), bool(known)) == (expected, True)


@pytest.mark.parametrize(
    ("earlier", "later"), [(0.0, 1.0), (-1.0, 1.0), (np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0), (1.0, np.inf)]
)
def test_there_is_no_change_of_nothing(earlier: float, later: float) -> None:
    """From 0, from a negative value, from or to what is missing."""
    change, known = percent_change([earlier], [later], 2)
    assert (change.tolist(), known.tolist()) == ([0], [False])


def test_a_tie_of_a_change_is_one_of_the_decimals() -> None:
    """From 8 to 8.001 is +0.0125 %, though no float is: to three decimals +0.012."""
    assert percent_change(8.0, 8.001, 3)[0] == 12
    assert percent_change(8.0, 8.003, 3)[0] == 38


def test_a_float_is_the_fraction_of_what_it_prints() -> None:
    """Not of its bits."""
    assert fraction(0.1) == Fraction(1, 10)
