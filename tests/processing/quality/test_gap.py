"""Missing values, missing steps and gaps in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.gap import gap, missing_steps, time_gap
from tests.support.quality import HOUR, Times, Values, as_oracle, moments, qartod, timed_series


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3)])
def test_what_is_not_finite_is_missing(shape: tuple[int, ...]) -> None:
    """Whatever the shape."""
    assert gap(np.ones(shape)).shape == shape
    assert (gap(np.ones(shape)) == 1).all()
    for value in (np.nan, np.inf, -np.inf):
        assert (gap(np.full(shape, value)) == 9).all()


@given(
    times=st.lists(st.integers(-50, 80), unique=True).map(sorted),
    step=st.integers(1, 20),
    start=st.integers(-30, 30),
    end=st.integers(-10, 60),
)
def test_a_step_without_a_time_is_missing(times: list[int], step: int, start: int, end: int) -> None:
    """Against plain Python; times outside the stretch do not count, nor does a step that is not whole."""
    whole = [begin for begin in range(start, end, step) if begin + step <= end]
    expected = [begin for begin in whole if not any(begin <= time < begin + step for time in times)]
    assert missing_steps(times, start, end, step).tolist() == expected


def test_a_late_reading_fills_its_step_and_the_first_second_of_the_next_does_not() -> None:
    """Both sides of the end of a step."""
    assert missing_steps([HOUR - 1], 0, 2 * HOUR, HOUR).tolist() == [HOUR]
    assert missing_steps([HOUR], 0, 2 * HOUR, HOUR).tolist() == [0]


def test_a_step_of_no_length_is_refused() -> None:
    """It would have no end."""
    with pytest.raises(ValueError, match="the step has the length 0; it must be 1 s or more"):
        missing_steps([0], 0, 10, 0)


@given(timed=timed_series(2), longest=st.sampled_from([0.25, 0.5, 1, 2]))
def test_gaps_in_time_are_those_of_ioos_qc(timed: tuple[Values, Times], longest: float) -> None:
    """Flag for flag: the first moment takes the flag of the second."""
    times = timed[1]
    if len(times) > 1:
        expected = as_oracle(qartod.time_gap_test, moments(times), longest)
        assert time_gap(times, longest * HOUR).tolist() == expected.tolist()


def test_a_distance_that_equals_the_longest_is_no_gap() -> None:
    """Both sides."""
    assert time_gap([0, HOUR, 2 * HOUR + 1], HOUR).tolist() == [1, 1, 4]


def test_a_single_moment_is_not_evaluated() -> None:
    """ioos_qc has no answer to it, nor to none."""
    assert time_gap([HOUR], HOUR).tolist() == [2]
    assert time_gap(HOUR, HOUR).shape == ()
    assert time_gap([], HOUR).shape == (0,)
