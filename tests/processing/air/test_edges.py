"""Edges of rounding: one unit more or less, and the rounded mean is on the other side of the target."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.air.edges import largest_total, smallest_total
from qingchuan.processing.rounding import divide_half_even


@given(st.integers(1, 400), st.integers(-300, 3000))
def test_the_edges_are_the_last_totals_that_meet_the_target(count: int, target: int) -> None:
    """Rounded by Python's fractions, and by the function whose inverse they are."""
    largest, smallest = int(largest_total(count, target)), int(smallest_total(count, target))
    assert round(Fraction(largest, count)) <= target < round(Fraction(largest + 1, count))
    assert round(Fraction(smallest - 1, count)) < target <= round(Fraction(smallest, count))
    assert divide_half_even(largest, count) <= target <= divide_half_even(smallest, count)


@pytest.mark.parametrize(("target", "largest", "smallest"), [(34, 69, 67), (35, 70, 70), (0, 1, -1), (1, 2, 2)])
def test_a_tie_belongs_to_the_even_side(target: int, largest: int, smallest: int) -> None:
    """Two values: 34.5 and 33.5 round to 34, and neither 34.5 nor 35.5 rounds to 35."""
    assert largest_total(2, target) == largest
    assert smallest_total(2, target) == smallest


def test_counts_and_targets_spread() -> None:
    """Shapes broadcast; nothing asked gives nothing."""
    assert largest_total([[1], [2]], [1, 2, 3]).shape == (2, 3)
    assert smallest_total(np.zeros(0, np.int64), 5).shape == (0,)
