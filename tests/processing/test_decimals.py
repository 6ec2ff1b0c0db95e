"""Decimal texts that compare with limits as themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from qingchuan.processing.decimals import comparable, written

DIGITS = st.integers(1, 10**15 - 1)
EXPONENTS = st.integers(-22, 8)
TAILS = st.integers(-(10**6), 10**6)


@given(DIGITS, EXPONENTS)
def test_a_text_of_15_digits_is_its_nearest_float(digits: int, exponent: int) -> None:
    """Nothing is nudged that a float64 can tell apart."""
    text = f"{digits}e{exponent}"
    assert comparable(text) == float(text)


@given(DIGITS, EXPONENTS, TAILS, st.integers(1, 20), st.integers(-3, 3))
@example(2, -1, 1, 20, 0)
@example(2, -1, -1, 20, 0)
def test_any_text_compares_with_any_limit_as_decimals_do(
    digits: int, exponent: int, tail: int, places: int, step: int
) -> None:
    """A text a hair beside a limit lies on its own side of it, and of the limits next to it."""
    exact = Decimal(digits).scaleb(exponent) + Decimal(tail).scaleb(exponent - places)
    limit = Decimal(digits + step).scaleb(exponent)
    assume(abs(digits + step) < 10**15)
    seen = comparable(str(exact))
    assert (seen < float(limit), seen == float(limit)) == (exact < limit, exact == limit)


@pytest.mark.parametrize("text", ["0.2000000000000000001", "1.00000000000000000000000000000001", "1e-400"])
def test_a_text_beyond_a_limit_by_less_than_a_float_can_say_is_still_beyond(text: str) -> None:
    """The nearest float64 equals the limit; the answer is its upper neighbour."""
    nearest = float(text)
    assert comparable(text) > nearest
    assert comparable(f"-{text}") < -nearest


@pytest.mark.parametrize("text", ["0", "-0", "0.0", "0e5", "7.60", "1E3", "+5", "0.30000000000000004"])
def test_ordinary_texts_are_parsed_as_usual(text: str) -> None:
    """Zeros, exponents, and what repr prints of a float."""
    assert comparable(text) == float(text)


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-Infinity", "1e400", "sNaN", "1e99999999999999999999"])
def test_what_is_not_finite_is_refused(text: str) -> None:
    """No silent NaN, no infinity."""
    with pytest.raises(ValueError, match="the value has the text"):
        comparable(text)


@pytest.mark.parametrize("text", ["", "abc", "1,5", "0x10", "--"])
def test_what_is_no_number_is_refused_with_the_text(text: str) -> None:
    """The reader sees what was sent and an example of what would do."""
    with pytest.raises(ValueError, match=r"write a decimal number such as 0\.35"):
        comparable(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(16.0, "16"), (120.0, "120"), (0.00005, "0.00005"), (-0.0, "0"), (1e22, "1" + "0" * 22), (float("nan"), "nan")],
)
def test_a_number_is_written_without_exponent_and_noughts(value: float, text: str) -> None:
    """The limit of mercury is 0.00005, not 5e-05."""
    assert written(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_with_all_of_its_digits(value: float) -> None:
    """So that one a hair beyond a limit is not told as the limit."""
    text = written(value)
    assert float(text) == value
    assert "e" not in text
