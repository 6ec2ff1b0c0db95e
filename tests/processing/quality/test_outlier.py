"""Large outliers against the valid values of the days before."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.outlier import history, outlier_large
from tests.support.quality import HOUR

DAY = 24 * HOUR
WEEK = 7 * DAY


@st.composite
def _case(draw: st.DrawFn) -> tuple[list[int | None], list[bool], list[int]]:
    """Tenths, whether they count, and times."""
    size = draw(st.integers(1, 30))
    tenths = st.one_of(st.none(), st.integers(0, 12), st.integers(0, 300))
    return (
        draw(st.lists(tenths, min_size=size, max_size=size)),
        draw(st.lists(st.booleans(), min_size=size, max_size=size)),
        list(np.cumsum(draw(st.lists(st.integers(HOUR, 2 * DAY), min_size=size, max_size=size)))),
    )


@given(case=_case(), at_least=st.integers(1, 4))
def test_flags_are_those_of_exact_arithmetic(
    case: tuple[list[int | None], list[bool], list[int]], at_least: int
) -> None:
    """Against fractions, value by value; twice the mean exactly is not above it."""
    tenths, valid, times = case
    values = [np.nan if tenth is None else tenth / 10 for tenth in tenths]
    flags = outlier_large(values, valid, times, WEEK, 2, at_least)
    for place, tenth in enumerate(tenths):
        before = [
            other
            for other, counts, time in zip(tenths[:place], valid[:place], times[:place], strict=True)
            if other is not None and counts and times[place] - time <= WEEK
        ]
        if tenth is None:
            assert flags[place] == 9
        elif len(before) < at_least:
            assert flags[place] == 2
        else:
            above = tenth > max(before) and tenth > 2 * Fraction(sum(before), len(before))
            assert flags[place] == (3 if above else 1)


@pytest.mark.parametrize(
    ("value", "flag"),
    [(0.3, 1), (0.31, 3), (0.2, 1)],
)
def test_a_value_must_be_above_twice_the_mean(value: float, flag: int) -> None:
    """The mean of 0.1 and 0.2 is 0.15: 0.3 is not above twice that, whatever binary sums say."""
    assert outlier_large([0.1, 0.2, value], [True] * 3, [0, 1, 2], WEEK, 2, 1)[-1] == flag


@pytest.mark.parametrize(("value", "flag"), [(50.0, 1), (50.1, 3)])
def test_a_value_must_be_above_the_largest(value: float, flag: int) -> None:
    """Far above twice the mean, it is no outlier as long as a valid value was as large."""
    assert outlier_large([1.0, 50.0, 1.0, 1.0, 1.0, value], [True] * 6, range(6), WEEK, 2, 1)[-1] == flag


@pytest.mark.parametrize(("time", "flag"), [(WEEK, 3), (WEEK + 1, 2)])
def test_seven_days_ago_exactly_still_counts(time: int, flag: int) -> None:
    """Both sides."""
    assert outlier_large([1.0, 9.0], [True, True], [0, time], WEEK, 2, 1)[-1] == flag


def test_what_is_not_valid_is_no_history() -> None:
    """Nor is it judged otherwise than a valid value."""
    assert outlier_large([1.0, 9.0, 8.0], [True, False, True], [0, 1, 2], WEEK, 2, 1).tolist() == [2, 3, 3]
    assert outlier_large([1.0, 9.0, 8.0], [True, True, True], [0, 1, 2], WEEK, 2, 1).tolist() == [2, 3, 1]


def test_a_huge_value_leaves_no_trace_in_later_sums() -> None:
    """As running totals would have it."""
    past = history([1e20, 0.1, 0.2, 0.3], [True] * 4, [0, WEEK, 2 * WEEK, 2 * WEEK + 1], DAY)
    assert past.total.tolist() == [0.0, 0.0, 0.0, 0.2]
    assert past.valid.tolist() == [0, 0, 0, 1]


def test_a_history_has_at_least_one_value() -> None:
    """From nothing there is neither a largest nor a mean."""
    with pytest.raises(ValueError, match="the number of values of a history has the value 0"):
        outlier_large([1.0], [True], [0], WEEK, 2, 0)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Scalars, empty and stacked values come back in their own shape."""
    values = np.ones(shape, order="F")
    flags = outlier_large(values, values > 0, np.arange(shape[-1] if shape else 1), WEEK, 2, 1)
    assert flags.shape == shape
    assert (flags == [2, 1, 1][: shape[-1] if shape else 1]).all()
