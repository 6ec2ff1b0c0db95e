"""Faults: rare by default, absent when asked, and as many as asked."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from qingchuan.simulators.faults import LONGEST_DELAY, NO_FAULTS, Faults, disturb, spoiled


def test_without_faults_nothing_goes_wrong() -> None:
    """All rates at zero."""
    quiet = disturb(np.random.default_rng(1), NO_FAULTS, items=6, stations=8)
    assert not any(np.asarray(field).any() for field in quiet)


def test_usual_faults_are_rare() -> None:
    """All kinds occur in a year of eight stations, and none touches more than three of a hundred."""
    weeks = [disturb(np.random.default_rng(week), Faults(), items=6, stations=8) for week in range(52)]
    for kind in range(5):
        share = np.mean([np.count_nonzero(np.asarray(week[kind])) / np.asarray(week[kind]).size for week in weeks])
        assert 0 < share < 0.03


def test_faults_are_as_many_as_asked() -> None:
    """Half of all messages late means half of all messages late."""
    asked = Faults(silent=0.0, missing=0.0, flagged=0.1, late=0.5, repeated=0.25)
    many = disturb(np.random.default_rng(3), asked, items=6, stations=50)
    assert np.mean(many.delay > 0) == pytest.approx(0.5, abs=0.03)
    assert many.repeated.mean() == pytest.approx(0.25, abs=0.03)
    assert np.mean(many.flags > 0) == pytest.approx(0.1, abs=0.01)
    assert set(np.unique(many.flags)) == {0, 3, 4}
    assert not many.silent.any()


def test_no_message_waits_longer_than_the_longest_delay() -> None:
    """So what is due can be found without looking far back."""
    late = disturb(np.random.default_rng(5), Faults(late=1.0), items=1, stations=100)
    assert late.delay.max() == LONGEST_DELAY
    assert late.delay.min() >= 0


def test_a_silence_lasts_for_hours() -> None:
    """A stretch of two to twelve hours, once a week at the most."""
    silent = disturb(np.random.default_rng(5), Faults(silent=1.0), items=1, stations=200).silent
    assert silent.sum(axis=0).min() >= 2
    assert silent.sum(axis=0).max() <= 12
    assert np.all(np.diff(silent.astype(int), axis=0).clip(0).sum(axis=0) + silent[0] == 1)


def test_the_same_generator_gives_the_same_faults() -> None:
    """Everything is drawn from the argument."""
    first, again = (disturb(np.random.default_rng(9), Faults(), items=6, stations=8) for _ in range(2))
    assert all(np.array_equal(np.asarray(one), np.asarray(other)) for one, other in zip(first, again, strict=True))


def test_only_flagged_values_are_spoiled() -> None:
    """The others stay what they are."""
    values = np.array([10.0, 10.0, 10.0])
    assert spoiled(values, np.array([0, 3, 4], dtype=np.uint8)).tolist() == [10.0, 15.0, 1.0]
    assert values.tolist() == [10.0] * 3


def test_an_unknown_fault_is_refused() -> None:
    """A misspelt key of a settings file must not be taken as "never"."""
    with pytest.raises(msgspec.ValidationError, match="silence"):
        msgspec.convert({"silence": 0.5}, Faults)
