"""What was known after an earlier message: gaps, windows, announcements."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.store.messages import Message
from qingchuan.store.past_traces import announced_between, gaps_between, windows_between
from tests.support.applying import START, Bench, hour_of, station

EVER = START - 10 * 86_400, START + 10 * 86_400


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A journal and a store that know station 1235A by message 1."""
    made = Bench(tmp_path)
    made.take(station())
    return made


def lacking(bench: Bench, at: int) -> list[int]:
    """How many numbers each gap lacked after a message."""
    return [gap.lacking for gap in gaps_between(bench.state.engine, ["1235A"], *EVER, at)]


def test_a_number_that_came_late_was_missing_before(bench: Bench) -> None:
    """However the messages are cut into batches."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 5, seq=6), hour_of("35", 2, seq=3))
    bench.take(hour_of("35", 1, seq=2), hour_of("35", 4, seq=5))
    bench.take(hour_of("35", 3, seq=4))
    assert [lacking(bench, at) for at in range(1, 8)] == [[], [], [4], [3], [2], [1], []]


def test_a_gap_lacks_as_many_as_it_did_then_after_a_restart_too(bench: Bench) -> None:
    """What was noted is kept with the gap."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 3, seq=4))
    bench.restart()
    bench.take(hour_of("35", 1, seq=2))
    last = bench.journal.head().sequence
    assert (lacking(bench, last), lacking(bench, last - 1)) == ([1], [2])


def test_a_window_is_known_from_the_message_on_that_it_was_noticed_by(bench: Bench) -> None:
    """A connection that the broker does not remember opens one."""
    forgotten = Message("connection", "c", "", b'{"session_present":false}')
    bench.take(forgotten, hour_of("35", 0))
    bench.received += 60_000_000
    bench.take(forgotten)
    last = bench.journal.head().sequence
    span = (bench.received // 1_000_000 - 86_400, bench.received // 1_000_000 + 86_400)
    assert [len(windows_between(bench.state.engine, *span, at)) for at in (last - 1, last)] == [0, 1]


def test_who_announced_himself_between_two_messages(bench: Bench) -> None:
    """By which message last; the first one is not meant."""
    bench.take(hour_of("35", 0), station())
    last = bench.journal.head().sequence
    engine = bench.state.engine
    assert announced_between(engine, 0, last).keys() == {"1235A"}
    assert announced_between(engine, last, last) == {}
