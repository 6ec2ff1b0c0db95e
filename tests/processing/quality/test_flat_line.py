"""Flat lines, as ioos_qc flags them where it does not flag values that stand alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.flat_line import flat_line
from qingchuan.processing.quality.series import NEVER
from tests.support.quality import HOUR, Times, Values, as_oracle, moments, qartod, timed_series

LENGTHS = st.sampled_from([HOUR, 2 * HOUR, 2 * HOUR + 1, 5 * HOUR, 80 * HOUR])


@given(timed=timed_series(3), suspect=LENGTHS, fail=LENGTHS, tolerance=st.sampled_from([0.0, 0.5, 1.0, 4.0]))
def test_flags_are_those_of_ioos_qc(timed: tuple[Values, Times], suspect: int, fail: int, tolerance: float) -> None:
    """Flag for flag with a share of 0: missing values passed over, spans that equal the tolerance, irregular times."""
    values, times = timed
    expected = as_oracle(qartod.flat_line_test, values, moments(times), suspect, fail, tolerance)
    shortest = np.median(np.diff(times)) if len(times) > 2 else 0
    if shortest <= min(suspect, fail):
        assert flat_line(values, times, suspect, fail, tolerance, 0).tolist() == expected.tolist()


@given(timed=timed_series(3), tolerance=st.sampled_from([0.5, 4.0]), present=st.sampled_from([1, 50, 75, 100]))
def test_a_line_must_be_there_to_be_flat(timed: tuple[Values, Times], tolerance: float, present: int) -> None:
    """Against plain Python: each value with the ones before it, of which a share must be there."""
    values, times = timed
    length = 2 * int(np.median(np.diff(times)))
    flags = flat_line(values, times, length, NEVER, tolerance, present)
    for index, value in enumerate(values):
        window = [number for number in values[max(index - 2, 0) : index + 1] if number == number]  # noqa: PLR0124 - NaN
        flat = index >= 2 and 100 * len(window) >= 3 * present and max(window) - min(window) < tolerance
        assert flags[index] == (9 if np.isnan(value) else 3 if flat else 1)


def test_a_value_behind_a_gap_is_a_line_to_ioos_qc_and_not_with_a_share() -> None:
    """Its issue 68: three missing values and one that is there are called flat."""
    values, times = np.array([np.nan, np.nan, np.nan, 5.0, 6.0]), HOUR * np.arange(5)
    assert as_oracle(qartod.flat_line_test, values, moments(times), 3 * HOUR, 9 * HOUR, 0.1).tolist() == [9, 9, 9, 3, 1]
    assert flat_line(values, times, 3 * HOUR, NEVER, 0.1, 0).tolist() == [9, 9, 9, 3, 1]
    assert flat_line(values, times, 3 * HOUR, NEVER, 0.1, 50).tolist() == [9, 9, 9, 1, 1]


def test_a_span_that_equals_the_tolerance_is_not_flat() -> None:
    """It must be smaller, so that a tolerance of 0 flags nothing."""
    values, times = [5.0, 5.5, 5.0, 5.5], HOUR * np.arange(4)
    assert flat_line(values, times, 2 * HOUR, 3 * HOUR, 0.5, 100).tolist() == [1, 1, 1, 1]
    assert flat_line(values, times, 2 * HOUR, 3 * HOUR, 0.51, 100).tolist() == [1, 1, 3, 4]
    assert flat_line([5.0] * 4, times, 2 * HOUR, 3 * HOUR, 0.0, 100).tolist() == [1, 1, 1, 1]


def test_of_one_or_two_values_a_missing_one_is_missing() -> None:
    """Where ioos_qc calls it good."""
    assert as_oracle(qartod.flat_line_test, [np.nan, 1.0], moments(np.arange(2)), 1, 1, 1).tolist() == [1, 1]
    assert flat_line([np.nan, 1.0], [0, 1], 1, 1, 1.0, 0).tolist() == [9, 1]


def test_a_length_shorter_than_the_distance_flags_nothing() -> None:
    """Where ioos_qc flags every value."""
    values, times = np.array([1.0, 2.0, 3.0]), HOUR * np.arange(3)
    assert as_oracle(qartod.flat_line_test, values, moments(times), 60, 9 * HOUR, 0.1).tolist() == [3, 3, 3]
    assert flat_line(values, times, 60, 9 * HOUR, 0.1, 0).tolist() == [1, 1, 1]


def test_an_infinite_value_is_missing() -> None:
    """It is passed over like any missing one, as ioos_qc has it."""
    values, times = np.array([1.0, np.inf, 1.0, 1.0, 2.0]), HOUR * np.arange(5)
    expected = as_oracle(qartod.flat_line_test, values, moments(times), 2 * HOUR, 9 * HOUR, 0.1)
    assert flat_line(values, times, 2 * HOUR, 9 * HOUR, 0.1, 0).tolist() == expected.tolist() == [1, 9, 3, 3, 1]


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0), (2, 9), (2, 1, 9)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Scalars, empty and stacked values, also not contiguous, come back in their own shape, unchanged."""
    values = np.ones(shape, order="F")
    flags = flat_line(values, HOUR * np.arange(shape[-1] if shape else 1), 2 * HOUR, 4 * HOUR, 0.5, 100)
    assert flags.shape == shape
    assert (flags == [1, 1, 3, 3, 4, 4, 4, 4, 4][: shape[-1] if shape else 1]).all()
    assert (values == 1).all()
