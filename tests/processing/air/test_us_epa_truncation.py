"""Truncation of decimals: exact, whatever their floats and products come to."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.air.us_epa import scaled_truncated


@pytest.mark.parametrize(
    ("value", "decimals", "scaled"),
    [
        (0.29, 2, 29),  # the product is 28.999999999999996
        (1.001, 3, 1001),  # 1000.9999999999999
        (3.6999999999999997, 1, 36),  # 37.0
        (0.20299999999999999, 3, 202),  # 203.0
        (np.nextafter(35.4, 0), 1, 353),
        (35.4, 1, 354),
        (35.49999999999999, 1, 354),
        (-0.29, 2, -29),
        (1e300, 1, 1e301),
        (0.0, 3, 0),
    ],
)
def test_products_on_the_wrong_side_are_put_right(value: float, decimals: int, scaled: float) -> None:
    """A float is the decimal that `repr` prints, not what its product with a power of ten rounds to."""
    assert scaled_truncated(value, decimals) == scaled


@given(st.integers(0, 10**9), st.integers(0, 3), st.booleans())
def test_a_decimal_is_truncated_to_itself(scaled: int, decimals: int, negative: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever its float: 35.4 stays 354 tenths; also one digit more, whatever that digit is."""
    sign = -1 if negative else 1
    for digit in ("", "0", "1", "9", "99999"):
        value = sign * float(f"{scaled}{digit}e-{decimals + len(digit)}")
        assert scaled_truncated(value, decimals) == sign * scaled


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_truncation_is_that_of_the_decimal_text(value: float, decimals: int) -> None:
    """Against the fraction that `repr` prints."""
    assert scaled_truncated(value, decimals) == int(Fraction(repr(value)) * 10**decimals)
