"""Where a value may be far above all before it: all others are ruled out by a large value that is known."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Column
from qingchuan.collector.quality.grades import COUNTS, Grades
from qingchuan.collector.quality.history import History
from qingchuan.collector.quality.tails import NEVER, Tails
from qingchuan.processing.periods import DAY

_TOGETHER: Final = 256
"""So many values are compared with all before them at once."""

_SLACK: Final = 1e-6


class Highs:
    """Finds the values that the test of large outliers has to look at.

    Parameters
    ----------
    history : History
    tails : Tails
    """

    def __init__(self, history: History, tails: Tails) -> None:
        self._history = history
        self._tails = tails

    def candidates(self, column: Column, at: NDArray[np.int64], bounds: NDArray[np.int64]) -> list[int]:
        """The values of an item that may be large outliers, by their places.

        Parameters
        ----------
        column : Column
        at : ndarray of int64, shape (values,)
            Where they stand in the history.
        bounds : ndarray of int64, shape (values,)
            [s since 1970-01-01 UTC]
        """
        large = self._history.rules.of[column.item].outlier_large
        if large is None:
            return []
        since = np.maximum(column.times[0] - large.days * DAY, bounds)
        found: list[int] = []
        for chosen in (
            column.order.rank == 0,
            column.order.rank > 0,
        ):  # what is learnt of the first ones rules out others
            here = np.flatnonzero(chosen & self._is_high(column, since))
            for first in range(0, len(here), _TOGETHER):
                part = here[first : first + _TOGETHER]
                found += part[self._compare(column, part, at[part], since[part])].tolist()
        return sorted(found)

    def end(self, column: Column, grades: Grades, spikes: Grades) -> None:
        """Take over the largest valid of the values of an item; what turned out to be a spike is none."""
        tops, times = self._tails.top[:, column.item], self._tails.top_time[:, column.item]
        spoiled = column.order.places[(spikes > 0) & (column.order.rank == 0)]
        tops[spoiled], times[spoiled] = -np.inf, NEVER
        heads = column.order.heads
        valid = np.where(COUNTS[grades] & np.isfinite(column.seen[0]), column.seen[0], -np.inf)
        largest = np.maximum.reduceat(valid, heads)
        places = column.order.places[heads]
        higher = largest >= tops[places]
        tops[places[higher]], times[places[higher]] = largest[higher], column.times[0, heads][higher]

    def _is_high(self, column: Column, since: NDArray[np.int64]) -> NDArray[np.bool_]:
        top = self._tails.top[column.order.places, column.item]
        known = self._tails.top_time[column.order.places, column.item] >= since
        return np.asarray(~(known & (column.seen[0] <= top)) & np.isfinite(column.seen[0]))

    def _compare(
        self, column: Column, here: NDArray[np.int64], at: NDArray[np.int64], since: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether values are above all valid ones before them, and nearly above the multiple of their mean or more."""
        large = self._history.rules.of[column.item].outlier_large
        places, values = column.order.places[here], column.seen[0, here]
        if large is None or not len(here):
            return np.zeros(len(here), np.bool_)
        behind = np.arange(int(at.max()))
        times = self._history.times[places, : len(behind)]
        told = self._history.values[places, : len(behind), column.item]
        counts = COUNTS[self._history.grades[places, : len(behind), column.item]]
        counts = counts & (behind < at[:, np.newaxis]) & (times >= since[:, np.newaxis])
        past = np.where(counts, told, -np.inf)
        largest = past.max(axis=1, initial=-np.inf)
        self._learn(column, here, largest, times[np.arange(len(here)), past.argmax(axis=1)] if len(behind) else since)
        total = np.where(counts, told, 0.0).sum(axis=1)
        count = counts.sum(axis=1)
        above = values * count > large.factor * total - _SLACK * (1 + np.abs(total))
        return np.asarray(above & (values > largest) & (count >= large.at_least))

    def _learn(
        self, column: Column, here: NDArray[np.int64], largest: NDArray[np.float64], times: NDArray[np.int64]
    ) -> None:
        """Know the largest value of the time before some of the values."""
        places = column.order.places[here]
        self._tails.top[places, column.item] = largest
        self._tails.top_time[places, column.item] = np.where(np.isfinite(largest), times, NEVER)
