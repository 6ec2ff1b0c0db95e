"""Applying goes on by itself after the store was away, and does not hold up what arrives."""

from __future__ import annotations

import sqlite3

import pytest

from qingchuan.collector import applying
from qingchuan.collector.applier import Applier
from qingchuan.collector.applying import Applying
from qingchuan.collector.decoded import Decoded


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class _Store:
    """Makes appliers; while it is away each attempt takes two seconds and fails."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self.away = True
        self.attempts = 0

    def make(self) -> Applier:
        return self  # type: ignore[return-value]  # all of it that is used

    def step(self) -> Decoded:
        self.attempts += 1
        if self.away:
            self._clock.now += 2.0
            raise sqlite3.OperationalError("database is locked")
        return Decoded()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock that stands still but for the attempts."""
    made = _Clock()
    monkeypatch.setattr(applying, "time", made)
    return made


def test_a_store_that_is_away_is_tried_for_a_fifth_of_the_time(clock: _Clock) -> None:
    """What arrives is acknowledged in the rest of it."""
    store = _Store(clock)
    tried = Applying(store.make)
    began = clock.now
    for _ in range(1000):
        assert tried.step() is None
        assert not tried.behind
        clock.now += 0.1
    assert store.attempts == pytest.approx((clock.now - began) / 10, abs=1)


def test_it_goes_on_when_the_store_is_back(clock: _Clock) -> None:
    """At the next attempt."""
    store = _Store(clock)
    tried = Applying(store.make)
    assert tried.step() is None
    store.away = False
    assert tried.step() is None
    clock.now += 8.0
    assert tried.step() is not None
    assert tried.behind
