"""What rows hold by now: in the store, or on their way into it within the same step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.catalogue import Period
from qingchuan.store.observations import Observations, Write
from qingchuan.store.rows import Texts

Key = tuple[int, int]
"""Place of a subject in the history, and start of an observation."""


class InStep:
    """Writes of a step that brought observations, each of which was new.

    Parameters
    ----------
    places, starts : ndarray of int64, shape (observations,)
        In the order of places, and then of starts.
    order : ndarray of int64, shape (observations,)
        Where each stands among the writes.
    writes : list of Write
        By now.
    """

    def __init__(
        self, places: NDArray[np.int64], starts: NDArray[np.int64], order: NDArray[np.int64], writes: list[Write]
    ) -> None:
        self._places, self._starts, self._order, self._writes = places, starts, order, writes

    def find(self, place: int, start: int) -> Texts | None:
        """The texts of an observation, if it is one of them."""
        first, end = np.searchsorted(self._places, (place, place + 1)).tolist()
        at = first + int(np.searchsorted(self._starts[first:end], start))
        if at == end or self._starts[at] != start:
            return None
        told = self._writes[int(self._order[at])].observation
        return Texts(told.values, told.flags)


class Pending:
    """The texts of reported observations of one period as they are after the writes that were judged so far.

    Parameters
    ----------
    observations : Observations
    period : {"hour", "day", "instant", "minute", "realtime"}
    """

    def __init__(self, observations: Observations, period: Period) -> None:
        self._observations = observations
        self._period = period
        self._said: dict[Key, Texts] = {}
        self._stored: dict[Key, Texts | None] = {}
        self._steps: list[InStep] = []

    def clear(self) -> None:
        """Begin anew: everything is in the store."""
        self._said.clear()
        self._stored.clear()
        self._steps.clear()

    def brings(self, step: InStep) -> None:
        """Take note of writes of which each brings a new observation."""
        self._steps.append(step)

    def put(self, place: int, start: int, texts: Texts) -> None:
        """Take note of what an observation is after any other write."""
        self._said[place, start] = texts

    def look_up(self, wanted: Sequence[tuple[str, int, int]]) -> None:
        """Read what is stored of some observations, by subject, place and start: at once, before they are asked for."""
        unknown = [one for one in wanted if one[1:] not in self._stored]
        if unknown:
            found = self._observations.stored([(start, subject, self._period) for subject, _, start in unknown])
            for subject, place, start in unknown:
                self._stored[place, start] = found.get((start, subject, self._period))

    def find(self, subject: str, place: int, start: int) -> Texts | None:
        """The texts of an observation; None where it is not there."""
        key = place, start
        known = self._said.get(key) or self._stored.get(key)
        for step in self._steps if known is None else ():
            known = known or step.find(place, start)
        if known is None and key not in self._stored:
            self.look_up([(subject, place, start)])
            known = self._stored[key]
        return known

    def get(self, subject: str, place: int, start: int) -> Texts:
        """The texts of an observation that is there."""
        found = self.find(subject, place, start)
        if found is None:
            raise LookupError(f"{subject} has no {self._period} of {start}, which is looked back at")
        return found
