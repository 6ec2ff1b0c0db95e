"""The same value period after period."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.constant import constant, repeats
from tests.support.quality import HOUR, Times, Values, series, timed_series


def _repeats(values: Values, times: Times, period: int) -> list[int]:
    """One value after the other: runs as lists of their places."""
    runs: list[list[int]] = []
    for place, value in enumerate(values):
        if np.isnan(value):
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and values[last] == value and times[place] - times[last] <= period:
            runs[-1].append(place)
        else:
            runs.append([place])
    found = [0] * len(values)
    for run in runs:
        for place in run:
            found[place] = len(run) - 1
    return found


@given(timed=timed_series(), period=st.sampled_from([1000, HOUR, 4 * HOUR]))
def test_runs_are_those_that_are_found_one_by_one(timed: tuple[Values, Times], period: int) -> None:
    """Against plain Python, with gaps and irregular times."""
    values, times = timed
    assert repeats(values, times, period).tolist() == _repeats(values, times, period)


@pytest.mark.parametrize(("count", "flag"), [(1, 1), (3, 1), (4, 3), (9, 3)])
def test_a_run_is_suspect_as_a_whole_from_three_further_periods_on(count: int, flag: int) -> None:
    """Both sides: two further periods are not enough."""
    values = [7.0, *[7.1] * count, 7.2]
    assert constant(values, HOUR * np.arange(count + 2), HOUR, 3).tolist() == [1, *[flag] * count, 1]


@pytest.mark.parametrize(("gap", "flag"), [(4 * HOUR, 3), (4 * HOUR + 1, 1)])
def test_a_gap_longer_than_one_period_starts_the_count_anew(gap: int, flag: int) -> None:
    """Both sides of a period of 4 h."""
    times = np.cumsum([0, 4 * HOUR, gap, 4 * HOUR])
    assert constant([0.2] * 4, times, 4 * HOUR, 3).tolist() == [flag] * 4


def test_missing_values_between_two_periods_do_not_end_a_run() -> None:
    """An analyser of 4 h on hours: only its own values are compared."""
    values = np.full(13, np.nan)
    values[::4] = 0.2
    assert constant(values, HOUR * np.arange(13), 4 * HOUR, 3)[::4].tolist() == [3] * 4
    assert constant(values, HOUR * np.arange(13), 3 * HOUR, 3)[::4].tolist() == [1] * 4


def test_runs_end_with_their_series() -> None:
    """The last value of a station and the first of the next are no run; the values are not touched."""
    values = np.asfortranarray([[1.0, 5.0, 5.0], [5.0, 5.0, 5.0], [np.nan] * 3])
    assert constant(values, HOUR * np.arange(3), HOUR, 2).tolist() == [[1, 1, 1], [3, 3, 3], [9, 9, 9]]
    assert values[0].tolist() == [1.0, 5.0, 5.0]


@given(values=series(), further=st.integers(1, 5))
def test_what_is_missing_is_nine_and_nothing_else_is(values: Values, further: int) -> None:
    """Whatever the runs."""
    flags = constant(values, HOUR * np.arange(len(values)), HOUR, further)
    assert ((flags == 9) == np.isnan(values)).all()


def test_at_least_one_further_period_is_asked_for() -> None:
    """With none every value would be constant."""
    with pytest.raises(ValueError, match="the number of further periods has the value 0"):
        constant([1.0], [0], HOUR, 0)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Scalars, empty and stacked values come back in their own shape."""
    flags = constant(np.ones(shape), np.arange(shape[-1] if shape else 1), 1, 2)
    assert flags.shape == shape
    assert (flags == (3 if shape[-1:] == (3,) else 1)).all()
