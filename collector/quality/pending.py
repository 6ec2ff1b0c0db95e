"""What rows hold by now: in the store, or on their way into it within the same step."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from qingchuan.store.observations import Observations, Write
from qingchuan.store.rows import Key, Texts


class Pending:
    """The texts of reported observations as they are after the writes that were judged so far.

    Parameters
    ----------
    observations : Observations
    """

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._parts: list[Iterable[Write]] = []
        self._known: dict[Key, Texts] = {}

    def put(self, writes: Iterable[Write]) -> None:
        """Take note of writes."""
        self._parts.append(writes)

    def clear(self) -> None:
        """Begin anew: everything is in the store."""
        self._parts.clear()
        self._known.clear()

    def find(self, keys: list[Key]) -> dict[Key, Texts]:
        """The texts of those of the observations that are there."""
        for write in chain.from_iterable(self._parts):
            told = write.observation
            self._known[told.start, told.subject, told.period] = Texts(told.values, told.flags)
        self._parts.clear()
        unknown = [key for key in keys if key not in self._known]
        stored = self._observations.stored(unknown) if unknown else {}
        return stored | {key: self._known[key] for key in keys if key in self._known}
