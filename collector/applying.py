"""Applying beside receiving: a batch whenever there is time, and again by itself after the store was away."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from qingchuan.collector.applier import Applier
from qingchuan.collector.decoded import Decoded
from qingchuan.store.messages import Message

_AWAY = (OSError, sqlite3.Error, SQLAlchemyError)
"""What using the store ends with while it is away."""
_SHORTEST_PAUSE = 0.5
"""[s]"""
_PAUSE = 4
"""So many times as long as an attempt in vain took, no other is made: what arrives is acknowledged meanwhile."""


class Applying:
    """Applies what the journal holds, as far as the store is there.

    Parameters
    ----------
    make : callable
        Makes the `Applier`; called again after the store had failed.

    Attributes
    ----------
    behind : bool
        Whether there is more to apply, as far as is known; False while the store is away.
    tried : float
        When a batch was last begun, by the monotonic clock. [s]
    """

    def __init__(self, make: Callable[[], Applier]) -> None:
        self._make = make
        self._applier: Applier | None = None
        self._again = 0.0
        self.behind = True
        self.tried = 0.0
        self._log = structlog.get_logger("collector")

    def step(self) -> Decoded | None:
        """Apply the next batches; what they came to, or None when all is applied or the store is away."""
        began = time.monotonic()
        if began < self._again:
            return None
        self.tried = began
        try:
            self._applier = self._applier or self._make()
            decoded = self._applier.step()
        except _AWAY as error:
            self._applier, self.behind = None, False
            self._pause(began, error)
            return None
        self.behind = decoded is not None
        return decoded

    def knows(self, message: Message) -> bool:
        """Whether a retained `message` tells only what was applied already; False while the store is away."""
        try:
            return self._applier is not None and self._applier.knows(message)
        except _AWAY:
            return False

    def waits_for(self, source: str) -> bool:
        """Whether messages wait for what a broker may repeat to client `source`; False while the store is away."""
        return self._applier is not None and self._applier.waits_for(source)

    def _pause(self, began: float, error: Exception) -> None:
        now = time.monotonic()
        pause = max(_SHORTEST_PAUSE, _PAUSE * (now - began))
        self._again = now + pause
        then = "the journal keeps what arrives"
        self._log.error("store unavailable", error=str(error), then=then, again_in_seconds=round(pause, 1))
