"""Noticing that a broker says nothing after a new connection: then it has nothing to repeat.

Only a message of the broker can end the wait for repeats, and where loggers speak HJ 212 there may be none for days. So
the collector journals that the connection was quiet, and what others brought meanwhile is applied.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from qingchuan.collector.receiving import Arrived

ENOUGH = 3.0
"""So long after the answer to its subscription, or after what it retains, a broker has begun to repeat if it is going
to: Mosquitto does before it answers, others within milliseconds. [s]"""
_LOOK = 0.25
"""More time than this between two looks does not count: what came meanwhile is not read yet. [s]"""


class Quiet:
    """How long a connection has been quiet.

    Parameters
    ----------
    amid : float
        So long it has to be quiet where something came that may be a repeat, after which the rest should follow: by
        then a line that went silent is noticed, and the next connection brings the rest. [s]
    now : callable
        A clock that never goes back. [s]

    Examples
    --------
    >>> moments = iter([0.0, 0.25, 0.5, 0.75])
    >>> quiet = Quiet(amid=120.0, now=lambda: next(moments))
    >>> quiet.connected()
    >>> quiet.subscribed()
    >>> quiet.look()
    False
    """

    def __init__(self, amid: float, now: Callable[[], float] = time.monotonic) -> None:
        self._amid = max(amid, ENOUGH)
        self._now = now
        self._counts = False
        self._enough = ENOUGH
        self._lasted = self._looked = 0.0

    def connected(self) -> None:
        """A connection began; before it is subscribed nothing counts."""
        self._counts, self._enough = False, ENOUGH

    def subscribed(self) -> None:
        """The broker answered the subscription."""
        self._counts = True
        self._begin()

    def heard(self, arrived: Sequence[Arrived]) -> None:
        """Messages arrived: the time begins anew."""
        self._begin()
        if any(message.qos and not message.retained for message in arrived):
            self._enough = self._amid

    def look(self) -> bool:
        """Note that nothing is there to be read; whether it has been quiet for long enough."""
        if not self._counts:
            return False
        now = self._now()
        self._lasted += min(now - self._looked, _LOOK)
        self._looked = now
        return self._lasted >= self._enough

    def end(self) -> None:
        """The connection ended, or it was said that it is quiet: nothing counts until the next one."""
        self._counts = False

    def _begin(self) -> None:
        self._lasted, self._looked = 0.0, self._now()
