"""As fast as the collector takes it: publishing that waits for what was published to be in the journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

_AHEAD = 4000
"""How many messages may be between publisher and journal: brokers drop what queues up too high."""
_GLANCE = 0.01
_PATIENCE = 10.0
"""When nothing was taken for so long, nobody is there to wait for. [s]"""


class Pace:
    """Holds a publisher back until the collector has taken what was published.

    Parameters
    ----------
    taken : callable
        How many messages the collector has taken in all.
    stop : threading.Event
        Ends all waiting.

    Examples
    --------
    >>> pace = Pace(lambda: 0, Event())
    >>> pace(published=10)
    """

    def __init__(self, taken: Callable[[], int], stop: Event) -> None:
        self._taken = taken
        self._stop = stop
        self._before = taken()
        self._here = 0
        self._given_up = False

    def __call__(self, published: int) -> None:
        """Return when the collector has taken all but a few thousand of `published`, or takes none any more."""
        if not self._given_up and published - self._here > _AHEAD:
            self._given_up = not self.wait(published - _AHEAD // 2)

    def wait(self, until: int) -> bool:
        """Whether the collector has taken `until` messages; False when it takes none any more, or `stop` is set."""
        since = time.monotonic()
        while self._here < until and time.monotonic() - since < _PATIENCE and not self._stop.wait(_GLANCE):
            here = self._taken() - self._before
            if here > self._here:
                self._here, since = here, time.monotonic()
        return self._here >= until
