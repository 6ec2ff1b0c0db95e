"""Publishing as fast as the collector takes it."""

from __future__ import annotations

from threading import Event

import pytest

from qingchuan.service.pace import Pace


def _stopped() -> Event:
    stop = Event()
    stop.set()
    return stop


def test_a_publisher_far_ahead_waits_until_the_collector_has_caught_up() -> None:
    """It goes on when all but a few thousand have been taken."""
    taken = iter(range(100, 1_000_000, 500))
    seen: list[int] = []

    def count() -> int:
        seen.append(next(taken))
        return seen[-1]

    pace = Pace(count, Event())
    pace(published=10_000)
    assert seen[-1] - 100 >= 10_000 - 4000


def test_a_publisher_that_is_not_far_ahead_does_not_wait() -> None:
    """A few thousand may be on their way."""
    calls: list[int] = []
    pace = Pace(lambda: len(calls), Event())
    calls.clear()
    pace(published=4000)
    assert calls == []


def test_waiting_ends_when_told_to_stop() -> None:
    """Ctrl-C does not wait for a collector."""
    assert not Pace(lambda: 0, _stopped()).wait(until=1)


def test_what_was_taken_before_does_not_count() -> None:
    """Only what is taken since the start of the publishing."""
    counts = iter([50, 50, 53])
    assert Pace(lambda: next(counts), Event()).wait(until=3)


def test_where_nobody_takes_anything_it_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay to a broker without a collector goes on at the pace of the broker."""
    monkeypatch.setattr("qingchuan.service.pace._PATIENCE", 0.05)
    calls: list[int] = []

    def nothing() -> int:
        calls.append(0)
        return 0

    pace = Pace(nothing, Event())
    pace(published=5000)
    waited = len(calls)
    for published in range(5001, 5100):
        pace(published)
    assert len(calls) == waited
