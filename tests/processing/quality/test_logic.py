"""A part above its whole."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.logic import part_above_whole

CENTS = st.integers(-300, 300)


@pytest.mark.parametrize(
    ("part", "whole", "tolerance", "flag"),
    [
        (60.0, 60.0, 0.0, 1),
        (61.0, 60.0, 0.0, 3),
        (70.0, 60.0, 10.0, 1),
        (71.0, 60.0, 10.0, 3),
        (0.8, 0.7, 0.1, 1),
        (0.3, 0.1, 0.2, 1),
        (0.81, 0.7, 0.1, 3),
        (10.0, 60.0, 0.0, 1),
    ],
)
def test_both_are_suspect_where_the_part_is_larger(part: float, whole: float, tolerance: float, flag: int) -> None:
    """Both sides of the tolerance, and ties that binary numbers miss (0.7 + 0.1 is less than 0.8 there)."""
    assert [int(found) for found in part_above_whole(part, whole, tolerance)] == [flag, flag]


@given(part=CENTS, whole=CENTS, tolerance=st.integers(0, 50))
def test_decimals_are_compared_as_decimals(part: int, whole: int, tolerance: int) -> None:
    """Against exact decimals of two places."""
    exact = [Decimal(cents) / 100 for cents in (part, whole, tolerance)]
    above = exact[0] > exact[1] + exact[2]
    found = part_above_whole(float(exact[0]), float(exact[1]), float(exact[2]))
    assert [int(flag) for flag in found] == [3 if above else 1] * 2


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_without_the_other_one_a_value_is_not_evaluated(nothing: float) -> None:
    """Missing never becomes a number, so that it is neither above nor below."""
    assert [int(flag) for flag in part_above_whole(nothing, 5.0, 0.0)] == [9, 2]
    assert [int(flag) for flag in part_above_whole(5.0, nothing, 0.0)] == [2, 9]
    assert [int(flag) for flag in part_above_whole(nothing, nothing, 0.0)] == [9, 9]


def test_the_two_must_stand_for_the_same_places() -> None:
    """No broadcasting: a part of one station is not compared with the whole of another."""
    with pytest.raises(ValueError, match=r"the part has the shape \(2,\); it must be \(3,\)"):
        part_above_whole([1.0, 2.0], [1.0, 2.0, 3.0], 0.0)


@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Both results have the shape of the values."""
    part, whole = part_above_whole(np.full(shape, 2.0).T, np.full(shape, 1.0).T, 0.0)
    assert part.shape == whole.shape == shape[::-1]
    assert (part == 3).all()
