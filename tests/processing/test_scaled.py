"""Concentrations as scaled integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.scaled import LARGEST, MISSING, from_scaled, mean_of_sums, to_scaled


@given(st.integers(0, LARGEST), st.integers(0, 3))
def test_every_scaled_integer_comes_back(whole: int, decimals: int) -> None:
    """To a float and back changes nothing."""
    assert to_scaled(from_scaled(np.uint16(whole), decimals), decimals) == whole


@pytest.mark.parametrize(
    ("value", "decimals", "scaled"),
    [
        (60.5, 0, 60),
        (61.5, 0, 62),
        (0.65, 1, 6),
        (0.75, 1, 8),
        (2.25, 1, 22),
        (0, 0, 0),
        (-0.5, 0, 0),
        (-0.51, 0, MISSING),
        (-999, 0, MISSING),
        (65534, 0, 65534),
        (65535, 0, LARGEST),
        (6553.5, 1, LARGEST),
        (np.inf, 0, LARGEST),
        (-np.inf, 0, MISSING),
        (np.nan, 0, MISSING),
    ],
)
def test_values_are_rounded_clipped_or_missing(value: float, decimals: int, scaled: int) -> None:
    """Half to even once; above the range the largest; negative or NaN is missing, and never by accident 65535."""
    assert to_scaled(value, decimals) == scaled


def test_missing_is_nan_again() -> None:
    """Only 65535 is missing."""
    assert np.array_equal(
        from_scaled(np.array([0, 12, LARGEST, MISSING], np.uint16), 1), [0, 1.2, 6553.4, np.nan], equal_nan=True
    )


def test_shape_is_kept_and_input_unchanged() -> None:
    """Scalars, empty and stacked values."""
    values = np.array([[0.64, np.nan]])
    assert to_scaled(values, 1).tolist() == [[6, MISSING]]
    assert np.array_equal(values, [[0.64, np.nan]], equal_nan=True)
    assert to_scaled(1.0, 0).shape == ()
    assert to_scaled(np.empty((3, 0)), 0).shape == (3, 0)
    assert to_scaled([], 0).dtype == np.uint16


@given(st.lists(st.integers(0, MISSING - 1), max_size=8), st.booleans())
def test_a_mean_of_sums_is_rounded_once_or_missing(values: list[int], valid: bool) -> None:  # noqa: FBT001 - drawn
    """From the exact sum, half to even; missing where too little is there, whatever the sum."""
    there = valid and bool(values)
    expected = round(Fraction(sum(values), len(values))) if there else MISSING
    assert mean_of_sums(sum(values), len(values), valid=there) == expected
