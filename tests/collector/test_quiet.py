"""Nothing waits for what a broker may repeat when the broker says nothing after a new connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.collector.quiet import ENOUGH, Quiet
from qingchuan.collector.receiving import Arrived
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.applying import Bench, connection, hour_of, nothing_waits, quiet, station

_AMID = 100.0
_OTHER = "gateway"
"""Who brings what no broker repeats."""


def _disconnection(cause: str = "broker") -> Message:
    return Message("disconnection", "c", "", f'{{"cause":"{cause}","reason":"gone"}}'.encode())


def _frame() -> Message:
    """What a logger sent over TCP; nobody knows it, so that it is a dead letter as soon as it is applied."""
    return Message("hj212", _OTHER, "A1", b"##")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A bench on which something could be repeated by a new connection."""
    made = Bench(tmp_path)
    made.take(connection(), station(), hour_of("35"), hour_of("36"))
    return made


def test_what_others_bring_is_applied_when_the_broker_is_quiet_after_a_new_connection(bench: Bench) -> None:
    """A bureau whose loggers all speak HJ 212 has no other message of the broker."""
    bench.take(connection(), _frame())
    assert not nothing_waits(bench)
    assert bench.applier.waits_for("c")
    bench.take(quiet())
    assert nothing_waits(bench)
    assert not bench.applier.waits_for("c")
    assert bench.observations.tally() == Tally(applied=3, dead_letter=1)


def test_a_start_between_the_connection_and_the_quiet_changes_nothing(bench: Bench) -> None:
    """The journal has both."""
    bench.take(connection(), _frame())
    bench.restart()
    assert bench.applier.step() is not None
    assert bench.applier.waits_for("c")
    bench.take(quiet())
    bench.restart()
    bench.take(_frame())
    assert nothing_waits(bench)
    assert bench.observations.tally() == Tally(applied=3, dead_letter=2)


def test_a_quiet_connection_ends_the_wait_for_its_own_client_only(bench: Bench) -> None:
    """Another one may still repeat something."""
    bench.take(connection(), quiet("d"), _frame())
    assert not nothing_waits(bench)
    bench.take(hour_of("35"), hour_of("36"))
    assert bench.observations.tally() == Tally(applied=3, duplicate=2, dead_letter=1)


def test_what_came_before_the_quiet_and_is_no_whole_repeat_is_news(bench: Bench) -> None:
    """The station said 35 again and meant it; the rest of the tail would have come at once."""
    bench.take(connection(), hour_of("35"), quiet())
    assert bench.pm25() == [35.0]
    assert nothing_waits(bench)


def test_what_comes_after_the_quiet_is_news(bench: Bench) -> None:
    """A broker that repeats so late is not believed."""
    bench.take(connection(), quiet(), hour_of("35"))
    assert bench.pm25() == [35.0]
    assert nothing_waits(bench)


def test_the_connection_after_a_quiet_one_is_waited_for_again(bench: Bench) -> None:
    """A quiet connection ends its own wait."""
    bench.take(connection(), quiet(), connection(), hour_of("35"))
    assert not nothing_waits(bench)
    bench.take(hour_of("36"))
    assert bench.observations.tally() == Tally(applied=3, duplicate=2)


def test_of_two_connections_that_said_the_same_the_second_repeats_the_first_where_the_rest_does_not_come(
    bench: Bench,
) -> None:
    """It was news once: the acknowledgement was lost when the first one broke."""
    bench.take(connection(), hour_of("35", seq=7), connection(), hour_of("35", seq=7), quiet())
    assert bench.pm25() == [35.0]
    assert nothing_waits(bench)
    bench.take(connection(), hour_of("36"), connection(), quiet(), _frame())
    assert bench.pm25() == [36.0]
    assert nothing_waits(bench)


def test_a_connection_that_ends_before_it_brought_anything_holds_nothing_up(bench: Bench) -> None:
    """Its broker may stay away for hours; the next connection is waited for anew, and knows as much."""
    bench.take(connection(), _frame())
    bench.take(_disconnection())
    assert nothing_waits(bench)
    bench.take(connection(), hour_of("35"), hour_of("36"))
    assert bench.observations.tally() == Tally(applied=3, duplicate=2, dead_letter=1)


def test_a_connection_that_ends_among_repeats_is_gone_on_with_by_the_next_one(bench: Bench) -> None:
    """What it brought cannot be judged before."""
    bench.take(connection(), hour_of("35"), _disconnection())
    assert not nothing_waits(bench)
    bench.take(connection(), hour_of("36"))
    assert bench.observations.tally() == Tally(applied=3, duplicate=2)


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class _Line:
    """A connection that is looked at five times a second."""

    def __init__(self) -> None:
        self.clock = _Clock()
        self.quiet = Quiet(_AMID, self.clock)
        self.quiet.connected()

    def look(self, seconds: float, step: float = 0.125) -> bool:
        """Whether it is quiet at the end of so many seconds in which nothing came."""
        found = False
        for _ in range(round(seconds / step)):
            self.clock.now += step
            found = self.quiet.look()
        return found


def test_a_line_is_quiet_when_nothing_came_for_long_enough_after_the_subscription() -> None:
    """Not before it: a broker may repeat until then."""
    line = _Line()
    assert not line.look(10 * ENOUGH)
    line.quiet.subscribed()
    assert not line.look(ENOUGH - 0.25)
    assert line.look(0.25)


def test_the_time_begins_anew_with_each_message() -> None:
    """Retained ones come after each subscription and are no repeats, so that they need no more."""
    line = _Line()
    line.quiet.subscribed()
    line.look(ENOUGH - 0.25)
    line.quiet.heard([Arrived("t", b"", 1, 1, retained=True), Arrived("t", b"", 0, 0)])
    assert not line.look(ENOUGH - 0.25)
    assert line.look(0.25)


@pytest.mark.parametrize("before", [True, False])
def test_where_repeats_may_have_begun_a_line_that_went_silent_is_noticed_first(*, before: bool) -> None:
    """Whether they came before the answer to the subscription or after it."""
    line = _Line()
    if before:
        line.quiet.heard([Arrived("t", b"", 1)])
        line.quiet.subscribed()
    else:
        line.quiet.subscribed()
        line.quiet.heard([Arrived("t", b"", 1)])
    assert not line.look(_AMID - 0.25)
    assert line.look(0.25)


def test_time_in_which_nobody_looked_does_not_count() -> None:
    """What came meanwhile is not read yet: the store was slow, or the process stood still."""
    line = _Line()
    line.quiet.subscribed()
    assert not line.look(10 * ENOUGH, step=10 * ENOUGH)


def test_it_is_said_once_a_connection() -> None:
    """And again after the next one."""
    line = _Line()
    line.quiet.subscribed()
    assert line.look(ENOUGH)
    line.quiet.end()
    assert not line.look(ENOUGH)
    line.quiet.connected()
    assert not line.look(ENOUGH)
    line.quiet.subscribed()
    assert line.look(ENOUGH)
