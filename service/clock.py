"""Clocks: the real one, and one that runs faster for the demo."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from qingchuan.service.settings import Settings

SECOND = 1_000_000
"""[µs]"""
_LONGEST_WAIT = 60.0
"""The real clock may be set while we wait: look at it again after this long. [s]"""


class Clock(Protocol):
    """What tells the time; only `service` makes one, all else is handed it."""

    def now(self) -> int:
        """The time [µs since 1970-01-01 UTC]."""

    def seconds_until(self, moment: int) -> float:
        """How long a person would have to wait until `moment`; not above 0 when it has come [s]."""


class SystemClock:
    """The clock of the machine.

    Examples
    --------
    >>> SystemClock().now() > 1_700_000_000_000_000
    True
    """

    def now(self) -> int:
        """The time [µs since 1970-01-01 UTC]."""
        return time.time_ns() // 1000

    def seconds_until(self, moment: int) -> float:
        """How long it is until `moment` [s]."""
        return (moment - self.now()) / SECOND


@dataclass(frozen=True)
class ScaledClock:
    """A clock that showed the real time at `origin` and has run `speed` times as fast since.

    Attributes
    ----------
    origin : int
        [µs since 1970-01-01 UTC]
    speed : float
        Above 0.
    real : callable
        The real time. [µs since 1970-01-01 UTC]

    Examples
    --------
    >>> clock = ScaledClock(origin=1_000_000, speed=60, real=lambda: 3_000_000)
    >>> clock.now()
    121000000
    >>> clock.seconds_until(181_000_000)
    1.0
    """

    origin: int
    speed: float
    real: Callable[[], int] = SystemClock().now

    def now(self) -> int:
        """The time [µs since 1970-01-01 UTC]."""
        return self.origin + round((self.real() - self.origin) * self.speed)

    def seconds_until(self, moment: int) -> float:
        """How long it is until this clock shows `moment` [s of real time]."""
        return (moment - self.now()) / SECOND / self.speed


def clock_from(settings: Settings) -> Clock:
    """The clock that `settings` ask for.

    Processes that share a speed other than 1 must be given one origin, or each counts from its own start.

    Examples
    --------
    >>> type(clock_from(Settings())).__name__
    'SystemClock'
    >>> clock_from(Settings(clock={"speed": 60})).speed
    60.0
    """
    speed, origin = settings.clock.speed, settings.clock.origin
    if speed == 1:
        return SystemClock()
    return ScaledClock(SystemClock().now() if origin is None else round(origin.timestamp() * SECOND), speed)


def wait_until(clock: Clock, moment: int, stop: Event) -> bool:
    """Whether `moment` has come; returns at once with False when `stop` is set.

    Parameters
    ----------
    clock : Clock
    moment : int
        [µs since 1970-01-01 UTC]
    stop : threading.Event

    Examples
    --------
    >>> wait_until(SystemClock(), moment=0, stop=Event())
    True
    """
    while (left := clock.seconds_until(moment)) > 0:
        if stop.wait(min(left, _LONGEST_WAIT)):
            return False
    return not stop.is_set()
