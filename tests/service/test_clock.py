"""Clocks: how fast they run, and waiting that can be stopped."""

from __future__ import annotations

import time
from threading import Event

from hypothesis import given
from hypothesis import strategies as st

from qingchuan.service.clock import SECOND, ScaledClock, SystemClock, clock_from, wait_until
from qingchuan.service.settings import load


class FakeClock:
    """A clock that goes on by a step whenever it is asked."""

    def __init__(self, step: int) -> None:
        self.time = 0
        self.step = step

    def now(self) -> int:
        """The time."""
        self.time += self.step
        return self.time

    def seconds_until(self, moment: int) -> float:
        """How long it is, in units too small to wait for."""
        return (moment - self.now()) / SECOND / 1e6


def test_the_system_clock_tells_microseconds_of_unix_time() -> None:
    """The unit of the journal's time of receipt."""
    before = time.time()
    assert before <= SystemClock().now() / SECOND + 1e-6
    assert SystemClock().now() / SECOND <= time.time()


def test_a_scaled_clock_shows_the_real_time_at_its_origin() -> None:
    """History that ends now and live data that begin now join there."""
    assert ScaledClock(5 * SECOND, 60, lambda: 5 * SECOND).now() == 5 * SECOND


def test_a_scaled_clock_runs_speed_times_as_fast() -> None:
    """A real second is a minute at speed 60, before the origin too."""
    assert ScaledClock(0, 60, lambda: SECOND).now() == 60 * SECOND
    assert ScaledClock(0, 60, lambda: -SECOND).now() == -60 * SECOND


def test_waiting_at_speed_is_shorter_by_the_speed() -> None:
    """A simulated hour at speed 3600 is a second."""
    assert ScaledClock(0, 3600, lambda: 0).seconds_until(3600 * SECOND) == 1


@given(st.integers(0, 10**15), st.integers(0, 10**12), st.floats(0.001, 1e5))
def test_a_scaled_clock_never_goes_back(origin: int, later: int, speed: float) -> None:
    """While the real one goes on, it goes on."""
    times = [ScaledClock(origin, speed, lambda real=real: real).now() for real in (origin, origin + later)]  # type: ignore[misc]  # mypy infers no type for a lambda's default
    assert times[0] <= times[1]


def test_at_speed_1_the_clock_is_the_real_one() -> None:
    """`run` never sees another."""
    assert isinstance(clock_from(load(None, {})), SystemClock)


def test_processes_that_share_an_origin_share_a_clock() -> None:
    """The demo hands it to them through the environment."""
    settings = load(None, {"QINGCHUAN_CLOCK__SPEED": "60", "QINGCHUAN_CLOCK__ORIGIN": "1970-01-01T08:00:01+08:00"})
    assert clock_from(settings) == ScaledClock(SECOND, 60)


def test_without_an_origin_a_faster_clock_starts_now() -> None:
    """It shows about the real time when it is made."""
    clock = clock_from(load(None, {"QINGCHUAN_CLOCK__SPEED": "2"}))
    assert abs(clock.now() - SystemClock().now()) < 60 * SECOND


def test_waiting_ends_when_the_moment_has_come() -> None:
    """The clock is looked at again after each wait."""
    clock = FakeClock(step=10)
    assert wait_until(clock, 100, Event())
    assert clock.time == 100


def test_waiting_for_the_past_does_not_wait() -> None:
    """The clock is asked once."""
    clock = FakeClock(step=1)
    assert wait_until(clock, 0, Event())
    assert clock.time == 1


def test_waiting_ends_at_once_when_it_is_stopped() -> None:
    """Ctrl-C does not wait for the next hour."""
    stop = Event()
    stop.set()
    assert not wait_until(ScaledClock(0, 1, lambda: 0), 3600 * SECOND, stop)
    assert not wait_until(SystemClock(), 0, stop)
