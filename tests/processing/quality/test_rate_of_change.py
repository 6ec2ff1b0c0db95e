"""Rates of change, as ioos_qc flags them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.rate_of_change import rate_of_change, rates
from qingchuan.processing.quality.series import NEVER
from tests.support.quality import HOUR, Times, Values, as_oracle, moments, qartod, timed_series

PER_HOUR = 1 / HOUR


@given(timed=timed_series(), suspect=st.sampled_from([0.5, 1.0, 4.0]), more=st.sampled_from([0.0, 0.5, 4.0]))
def test_flags_are_those_of_ioos_qc(timed: tuple[Values, Times], suspect: float, more: float) -> None:
    """Flag for flag at regular and irregular times; what has nothing before it passes."""
    values, times = timed
    thresholds = suspect * PER_HOUR, (suspect + more) * PER_HOUR
    expected = as_oracle(qartod.rate_of_change_test, values, moments(times), *thresholds)
    assert rate_of_change(values, times, *thresholds).tolist() == expected.tolist()


@given(timed=timed_series())
def test_a_threshold_may_be_left_out(timed: tuple[Values, Times]) -> None:
    """An infinite threshold is what None is to ioos_qc."""
    values, times = timed
    expected = as_oracle(qartod.rate_of_change_test, values, moments(times), PER_HOUR)
    assert rate_of_change(values, times, PER_HOUR, NEVER).tolist() == expected.tolist()


@pytest.mark.parametrize(("change", "flag"), [(2.0, 1), (2.25, 3), (8.0, 3), (8.25, 4)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_rate_that_equals_a_threshold_passes(change: float, flag: int, sign: int) -> None:
    """Both sides of 1 and 4 per second over two seconds, up and down."""
    assert rate_of_change([0.0, sign * change], [10, 12], 1.0, 4.0).tolist() == [1, flag]


def test_the_first_value_and_one_behind_a_gap_pass() -> None:
    """They cannot be compared; ioos_qc calls them good, and so do we."""
    values, times = np.array([np.nan, 50, np.nan, 90]), np.arange(4)
    assert rate_of_change(values, times, 1.0, 4.0).tolist() == [9, 1, 9, 1]
    np.testing.assert_array_equal(rates(values, times), [np.nan] * 4)


def test_where_ioos_qc_fails_the_value_behind_an_infinite_one_it_passes_here() -> None:
    """The documented difference."""
    values, times = np.array([1.0, np.inf, 1.0]), np.arange(3)
    assert as_oracle(qartod.rate_of_change_test, values, moments(times), 1.0, 4.0).tolist() == [1, 9, 4]
    assert rate_of_change(values, times, 1.0, 4.0).tolist() == [1, 9, 1]


def test_times_may_be_moments_of_any_unit() -> None:
    """Hours as datetime64 are the same as their seconds."""
    hours = np.array(["2026-11-25T00", "2026-11-25T01"], dtype="datetime64[h]")
    assert rate_of_change([0.0, HOUR + 1], hours, 1.0, 4.0).tolist() == [1, 3]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([0, 0], "the times are not strictly ascending"),
        ([1, 0], "the times are not strictly ascending"),
        ([0, 1, 2], r"the times have the shape \(3,\)"),
        ([0.0, 0.5], "the times have the type float64; give whole seconds"),
        (np.array(["NaT", "2026-11-25"], dtype="datetime64[s]"), "the times have the type .*, each of them known"),
    ],
)
def test_times_that_do_not_order_the_values_are_refused(times: list[float], message: str) -> None:
    """Two values of one moment have no rate."""
    with pytest.raises(ValueError, match=message):
        rate_of_change([1.0, 2.0], times, 1.0, 4.0)


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Scalars, empty and stacked values come back in their own shape."""
    flags = rate_of_change(np.ones(shape), np.arange(shape[-1] if shape else 1), 1.0, 4.0)
    assert flags.shape == shape
    assert (flags == 1).all()
