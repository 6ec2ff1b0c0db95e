"""Where a value may be far above all before it: all others are ruled out by a large value that is known."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Block, Column
from qingchuan.collector.quality.endings import NEVER
from qingchuan.collector.quality.grades import COUNTS, Grades
from qingchuan.collector.quality.history import History
from qingchuan.collector.quality.tails import Tails
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

    def end(self, block: Block, at: NDArray[np.int64], spikes: Grades | None) -> None:
        """Take over the largest valid of the values of items that stand at some rows of the history.

        What turned out to be a spike is none.
        """
        for place in np.flatnonzero(self._history.rules.limits.length[block.items] > 0).tolist():
            column = block.column(place)
            if spikes is not None:
                spoiled = column.order.places[(spikes[place] > 0) & (column.order.rank == 0)]
                self._tails.top[spoiled, column.item], self._tails.top_time[spoiled, column.item] = -np.inf, NEVER
            self._end(column, self._history.grades[column.order.places, at, column.item])

    def _end(self, column: Column, grades: Grades) -> None:
        tops, times = self._tails.top[:, column.item], self._tails.top_time[:, column.item]
        heads = column.order.heads
        valid = np.where(COUNTS[grades] & np.isfinite(column.seen), column.seen, -np.inf)
        largest = np.maximum.reduceat(valid, heads)
        places = column.order.places[heads]
        higher = largest >= tops[places]
        tops[places[higher]], times[places[higher]] = largest[higher], column.times[0, heads][higher]

    def _is_high(self, column: Column, since: NDArray[np.int64]) -> NDArray[np.bool_]:
        top = self._tails.top[column.order.places, column.item]
        known = self._tails.top_time[column.order.places, column.item] >= since
        return np.asarray(~(known & (column.seen <= top)) & np.isfinite(column.seen))

    def _compare(
        self, column: Column, here: NDArray[np.int64], at: NDArray[np.int64], since: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether values may be too large; what is learnt of those before them is kept."""
        places, items = column.order.places[here], np.full(len(here), column.item)
        found = may_be_largest(self._history, places, items, at, column.seen[here], since)
        self._tails.top[places, column.item] = found.largest
        self._tails.top_time[places, column.item] = np.where(np.isfinite(found.largest), found.times, NEVER)
        return found.may


class Large(NamedTuple):
    """What values are beside the valid ones before them.

    Attributes
    ----------
    may : ndarray of bool, shape (values,)
        Whether they are above all of them, and nearly above the multiple of their mean or more.
    largest : ndarray of float64, shape (values,)
        The largest of those before; -inf where there is none. [unit of the item]
    times : ndarray of int64, shape (values,)
        When that was told. [s since 1970-01-01 UTC]
    """

    may: NDArray[np.bool_]
    largest: NDArray[np.float64]
    times: NDArray[np.int64]


def may_be_largest(
    history: History,
    places: NDArray[np.int64],
    items: NDArray[np.int64],
    rows: NDArray[np.int64],
    values: NDArray[np.float64],
    since: NDArray[np.int64],
) -> Large:
    """Compare values with the valid ones that were told before them, since some time.

    Parameters
    ----------
    history : History
    places, items, rows : ndarray of int64, shape (values,)
        Where they stand.
    values : ndarray of float64, shape (values,)
        [unit of the item]
    since : ndarray of int64, shape (values,)
        [s since 1970-01-01 UTC]
    """
    behind = np.arange(max(int(rows.max(initial=0)), 1))
    told = places[:, np.newaxis], behind, items[:, np.newaxis]
    times = history.times[places, : len(behind)]
    counts = COUNTS[history.grades[told]] & (behind < rows[:, np.newaxis]) & (times >= since[:, np.newaxis])
    values_before = history.values[told]
    past = np.where(counts, values_before, -np.inf)
    largest = past.max(axis=1)
    total, count = np.where(counts, values_before, 0.0).sum(axis=1), counts.sum(axis=1)
    limits = history.rules.limits
    above = values * count > limits.factor[items] * total - _SLACK * (1 + np.abs(total))
    may = above & (values > largest) & (count >= limits.at_least[items])
    return Large(may, largest, times[np.arange(len(rows)), past.argmax(axis=1)])
