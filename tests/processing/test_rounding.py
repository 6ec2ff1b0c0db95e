"""Half to even, exactly; check values of the national release platform and of GB/T 8170."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qingchuan.processing.rounding import (
    divide_half_even,
    round_half_even,
    round_water,
    scaled_half_even,
    scaled_truncated,
)

# Unrounded and shown values of the national release platform, 2026-08-21 (raw → shown).
PLATFORM = [
    ("28.85", 1, "28.8"),
    ("28.25", 1, "28.2"),
    ("30.05", 1, "30.0"),
    ("29.25", 1, "29.2"),
    ("16.25", 1, "16.2"),
    ("5.05", 1, "5.0"),
    ("373.65", 1, "373.6"),
    ("777.05", 1, "777.0"),
    ("26.58", 1, "26.6"),
    ("2.765", 2, "2.76"),
    ("1.145", 2, "1.14"),
    ("2.005", 2, "2.00"),
    ("2.265", 2, "2.26"),
    ("1.905", 2, "1.90"),
    ("2.61", 2, "2.61"),
    ("7.6", 2, "7.60"),
    ("0.0004", 3, "0.0004"),
    ("0.0005", 3, "0.0005"),
]

# Tests of another project, github.com/sm1lewc/SurfaceWater.
SURFACE_WATER = [
    ("0.0034", 3, "0.003"),
    ("0.0035", 3, "0.004"),
    ("0.0045", 3, "0.004"),
    ("0.00005", 3, "0.00005"),
]

# Unrounded and shown values of national sections, 2020-05 … 2021-04 (github.com/jikin001/water_quality): one
# significant digit is kept only where rounding gives zero. Keeping it wherever the first digit comes late, as
# SurfaceWater's code does, would show 0.0006.
SECTIONS = [
    ("0.00052", 3, "0.001"),
    ("0.0006", 3, "0.001"),
    ("0.00048", 3, "0.0005"),
    ("0.00025", 3, "0.0002"),
    ("0.00044", 3, "0.0004"),
    ("0.00004", 3, "0.00004"),
    ("0.0025", 2, "0.002"),
    ("0.005", 2, "0.005"),
    ("0.00646", 2, "0.01"),
]

# GB/T 8170: examples of its half-to-even rule, and 60.5 and 60.6 of HJ 633—2026 implementations.
GB8170 = [
    ("0.5", 0, "0"),
    ("1.5", 0, "2"),
    ("2.5", 0, "2"),
    ("60.5", 0, "60"),
    ("60.6", 0, "61"),
    ("60.11", 0, "60"),
    ("0.225", 2, "0.22"),
    ("0.375", 2, "0.38"),
    ("2.675", 2, "2.68"),
    ("1.0500", 1, "1.0"),
    ("1.0501", 1, "1.1"),
    ("0.05", 1, "0.0"),
    ("0.15", 1, "0.2"),
    ("0.35", 1, "0.4"),
    ("-2.5", 0, "-2"),
    ("-3.5", 0, "-4"),
]

DIGITS = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize(("value", "places", "shown"), PLATFORM + SURFACE_WATER + SECTIONS)
def test_a_water_value_is_shown_as_the_platform_shows_it(value: str, places: int, shown: str) -> None:
    """Half to even on the text; never rounded away to zero."""
    assert str(round_water(value, places)) == str(Decimal(shown))


@given(DIGITS, st.integers(-9, 0), st.integers(0, 6))
def test_a_water_value_that_is_not_zero_is_never_shown_as_zero(digits: int, exponent: int, places: int) -> None:
    """What was measured stays visible, and zero stays zero."""
    value = Decimal(digits).scaleb(exponent)
    assert bool(round_water(value, places)) is bool(value)


def test_zero_is_shown_as_a_plain_zero() -> None:
    """As the platform shows 52 cells of national sections, 2020-05 … 2021-04."""
    assert [str(round_water(text, 3)) for text in ("0", "0.0", "-0.00")] == ["0", "0", "0"]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_only_a_finite_water_value_can_be_rounded(value: str) -> None:
    """Missing is no number."""
    with pytest.raises(ValueError, match="only a finite number can be rounded"):
        round_water(value, 2)


@pytest.mark.parametrize(("value", "decimals", "rounded"), GB8170)
def test_check_values_of_the_rounding_rule(value: str, decimals: int, rounded: str) -> None:
    """Ties are ties of the decimal text, though many of these floats lie beside them."""
    assert round_half_even(float(value), decimals) == float(rounded)


@given(DIGITS, st.integers(-12, 3), st.integers(0, 6))
@example(5, -1, 0)
@example(15, -2, 1)
def test_rounding_agrees_with_decimal_on_every_text(digits: int, exponent: int, decimals: int) -> None:
    """The fast path and the exact path are one rule."""
    value = float(Decimal(digits).scaleb(exponent))
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    assert round_half_even(value, decimals) == float(exact)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 5))
def test_rounding_any_float_is_decimal_rounding_of_its_repr(value: float, decimals: int) -> None:
    """Huge and tiny floats too."""
    wide = Context(prec=800, rounding=ROUND_HALF_EVEN)
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), context=wide)
    assert round_half_even(value, decimals) == float(exact)


def test_every_tie_of_two_decimals_up_to_150_goes_to_the_even_digit() -> None:
    """Where Python's round(x, 1) goes wrong 602 times, this never does."""
    values = np.arange(15001) / 100
    exact = [float(Decimal(n).scaleb(-2).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)) for n in range(15001)]
    assert round_half_even(values, 1).tolist() == exact


def test_missing_and_infinite_values_stay_what_they_are() -> None:
    """NaN and infinity pass through without a warning."""
    rounded = round_half_even([np.nan, np.inf, -np.inf, -0.2], 0)
    assert np.array_equal(rounded, [np.nan, np.inf, -np.inf, 0.0], equal_nan=True)
    assert not np.signbit(rounded[3])


def test_rounding_keeps_the_shape_and_its_input() -> None:
    """Scalars, empty and stacked values; the argument is not changed."""
    values = np.array([[0.25, 0.35]])
    assert round_half_even(values, 1).shape == (1, 2)
    assert values.tolist() == [[0.25, 0.35]]
    assert round_half_even(np.empty((0, 4)), 1).shape == (0, 4)
    assert scaled_half_even(0.25, 1).shape == ()


@given(st.integers(-(2**51), 2**51), st.integers(1, 10**9))
def test_a_quotient_is_that_of_fractions(total: int, count: int) -> None:
    """Python rounds a fraction half to even, exactly."""
    assert divide_half_even(total, count) == round(Fraction(total, count))


def test_quotients_of_every_small_pair_are_exact() -> None:
    """All sums a day of hours can have near a tie."""
    totals, counts = np.meshgrid(np.arange(2000), np.arange(1, 25))
    exact = [round(Fraction(int(t), int(c))) for t, c in zip(totals.ravel(), counts.ravel(), strict=True)]
    assert divide_half_even(totals, counts).ravel().tolist() == exact


def test_a_count_of_zero_is_refused() -> None:
    """What is missing is masked by the caller, never divided."""
    with pytest.raises(ValueError, match="a count has the value 0; it must be 1 or more"):
        divide_half_even([1, 2], [1, 0])


def test_a_total_too_large_to_be_exact_is_refused() -> None:
    """On both sides of the limit."""
    assert divide_half_even(2**52 - 1, 1) == 2**52 - 1
    for total in (2**52, -(2**52)):
        with pytest.raises(ValueError, match="below that the quotient is exact"):
            divide_half_even(total, 1)


def test_no_quotients_are_no_error() -> None:
    """Empty arrays pass."""
    assert divide_half_even(np.empty((0, 2), np.int64), np.empty((0, 2), np.int64)).shape == (0, 2)


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
def test_truncated_products_on_the_wrong_side_are_put_right(value: float, decimals: int, scaled: float) -> None:
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
