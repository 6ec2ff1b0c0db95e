"""Rounding to official decimals, against plain decimals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.rounding import round_water
from qingchuan.processing.water.exact import official, rounded, rounded_decimals

TEXTS = st.decimals(-10_000, 10_000, places=8, allow_nan=False).map(str)

# Values of the national release platform as they are and as they are shown, and check values of sm1lewc's rounding.
SHOWN = [
    ("28.85", 1, "28.8"),
    ("28.25", 1, "28.2"),
    ("777.05", 1, "777.0"),
    ("2.765", 2, "2.76"),
    ("1.145", 2, "1.14"),
    ("2.005", 2, "2.00"),
    ("0.0004", 3, "0.0004"),
    ("0.0005", 3, "0.0005"),
    ("0.0034", 3, "0.003"),
    ("0.0035", 3, "0.004"),
    ("0.0045", 3, "0.004"),
    ("0.00005", 3, "0.00005"),
]


@pytest.mark.parametrize(("text", "places", "shown"), SHOWN)
def test_published_roundings(text: str, places: int, shown: str) -> None:
    """Half to even, and one significant digit where that would be zero."""
    assert float(rounded_decimals(float(text), places)) == float(shown)
    assert official(Fraction(text), places) == Fraction(shown)


@given(TEXTS, st.integers(0, 5))
def test_arrays_are_rounded_as_single_values_are(text: str, places: int) -> None:
    """`round_water` says what is right."""
    expected = float(round_water(repr(float(text)), places))
    assert float(rounded_decimals([float(text)], places)[0]) == expected
    assert float(official(Fraction(repr(float(text))), places)) == expected


def test_what_is_missing_or_infinite_stays_so_when_rounded() -> None:
    """It is never asked for as a fraction."""
    found = rounded_decimals([[np.nan, np.inf], [-np.inf, -0.04]], 1)
    assert np.array_equal(found, [[np.nan, np.inf], [-np.inf, -0.04]], equal_nan=True)
    assert rounded_decimals(2.25, 1).shape == ()
    assert rounded_decimals(np.empty((0, 3)), 1).shape == (0, 3)


def test_only_what_lies_near_a_tie_is_asked_for_exactly() -> None:
    """0.125 is a tie, 0.1251 is none; a float that came out a little wrong still finds the tie."""
    asked: list[int] = []

    def exactly(index: int) -> Fraction:
        asked.append(index)
        return Fraction(1, 8)

    assert rounded([0.1251, 0.125 + 2e-16, 0.3], 2, exactly).tolist() == [0.13, 0.12, 0.3]
    assert asked == [1]


def test_negative_places_round_to_tens() -> None:
    """Means of values in another unit may need them."""
    assert official(Fraction(125), -1) == 120
    assert rounded_decimals([125.0, 135.0], -1).tolist() == [120.0, 140.0]
