"""Noise: the same at the same hour, whoever asks, and without a step where weeks join."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.simulators.noise import (
    WEEK,
    decayed,
    generator,
    red_noise,
    week_of,
    week_times,
    weeks_between,
    white_noise,
)


def test_the_same_week_has_the_same_noise_to_the_bit() -> None:
    """What was asked for before makes no difference."""
    first = red_noise(7, "wind", 2951, 3, memory=60.0)
    for week in (2900, 2955, 2950):
        red_noise(7, "wind", week, 3, memory=60.0)
    assert red_noise(7, "wind", 2951, 3, memory=60.0).tobytes() == first.tobytes()


def test_seeds_streams_and_weeks_are_independent() -> None:
    """Changing any of the three gives other noise."""
    drawn = generator(1, "rain", 2950).standard_normal(1000)
    for other in (generator(2, "rain", 2950), generator(1, "wind", 2950), generator(1, "rain", 2951)):
        assert abs(np.corrcoef(drawn, other.standard_normal(1000))[0, 1]) < 0.15


def test_red_noise_has_no_step_between_weeks() -> None:
    """From the last hour of a week to the first of the next it changes as it does within a week."""
    weeks = [red_noise(3, "wind", week, 1, memory=60.0)[:, 0] for week in range(2900, 2960)]
    within = np.concatenate([np.diff(week) for week in weeks])
    between = np.array([after[0] - before[-1] for before, after in pairwise(weeks)])
    assert np.abs(between).max() < 1.2 * np.abs(within).max()
    assert between.std() == pytest.approx(within.std(), rel=0.3)


def test_red_noise_has_unit_variance_and_the_memory_asked_for() -> None:
    """After its memory the correlation has fallen to 1/e."""
    long = np.concatenate([red_noise(5, "any", week, 4, memory=24.0) for week in range(2000, 2100)])
    assert long.std() == pytest.approx(1.0, abs=0.05)
    assert np.mean(long[24:] * long[:-24]) == pytest.approx(np.exp(-1), abs=0.06)


def test_white_noise_that_is_kept_cannot_be_changed() -> None:
    """A caller that wrote into it would change the past."""
    with pytest.raises(ValueError, match="read-only"):
        white_noise(1, "any", 2950, 2)[0, 0] = 1.0


def test_a_box_that_empties_keeps_nothing_of_the_future() -> None:
    """What comes in at hour 5 is not there at hour 4."""
    came = np.zeros(10)
    came[5] = 2.0
    held = decayed(came, memory=3.0)
    assert held[:5].tolist() == [0.0] * 5
    assert held[5] == 2.0
    assert held[8] == pytest.approx(2.0 * np.exp(-1))


@given(st.integers(0, 4 * 10**9), st.integers(0, 10**7))
def test_every_second_of_a_span_lies_in_one_of_its_weeks(start: int, length: int) -> None:
    """First and last second are covered, and no week is there for nothing."""
    weeks = weeks_between(start, start + length)
    assert week_of(start) == weeks[0]
    assert week_times(weeks[-1])[0] <= max(start, start + length - 1) < week_times(weeks[-1])[0] + WEEK
