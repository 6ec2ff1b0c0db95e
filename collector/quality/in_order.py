"""Judging many observations at once that come in the order of time, each newer than all before of its subject.

It says what `out_of_order` would say of each of them. Tests of long stretches of time are run only where what is kept
of the stretch (see `tails`) does not rule out that they object.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Block, Column, Order, Rows, blocks_of
from qingchuan.collector.quality.grades import FAULTS, HIDDEN, NOT_TOLD, PASSED, Grades
from qingchuan.collector.quality.highs import Highs
from qingchuan.collector.quality.history import History, line_of
from qingchuan.collector.quality.judging_one import judged_in_time
from qingchuan.collector.quality.short_tests import Steps
from qingchuan.collector.quality.tails import Tails


class Spike(NamedTuple):
    """A value by which the one before it turned out to be a spike.

    Attributes
    ----------
    row, item : int
    start : int
        Of the observation before. [s since 1970-01-01 UTC]
    grade : int
        What it is now.
    """

    row: int
    item: int
    start: int
    grade: int


class Chain(NamedTuple):
    """The last values of an item up to one of them, of which some show a fault or showed one.

    Attributes
    ----------
    row, item : int
    times : list of int
        [s since 1970-01-01 UTC]
    tests : list of int
        The test that found a fault of each; 0 where none did.
    """

    row: int
    item: int
    times: list[int]
    tests: list[int]


class Found(NamedTuple):
    """What was found of some rows.

    Attributes
    ----------
    grades : ndarray of uint8, shape (items, rows)
        What each value was when it came.
    spikes : list of Spike
    chains : list of Chain
        In the order of rows for each item.
    """

    grades: Grades
    spikes: list[Spike]
    chains: list[Chain]


class InOrder:
    """Judges observations of one period that come in the order of time.

    Parameters
    ----------
    history : History
    tails : Tails
        Of the history.
    """

    def __init__(self, history: History, tails: Tails) -> None:
        self._history = history
        self._tails = tails
        self._highs = Highs(history, tails)

    def judge(self, rows: Rows) -> Found:
        """What the tests say of some rows, which are in the history then."""
        self._tails.mend(rows.places)
        base = self._history.rules.by_itself(rows.values)
        order = Order.of(rows.places)
        at = self._append(rows, order, base)
        found = Found(np.ascontiguousarray(base.T), [], [])
        seen = np.ascontiguousarray(rows.values.T)
        if base.max(initial=0) > PASSED:
            seen = np.where(HIDDEN[found.grades], np.nan, seen)
        for block in blocks_of(rows, order, seen, found.grades != NOT_TOLD, self._tails):
            self._judge(block, at[block.rows], rows.bounds[block.rows], found)
        return found

    def _append(self, rows: Rows, order: Order, base: Grades) -> NDArray[np.int64]:
        """Put rows behind those of their subjects; where they stand."""
        history, subjects = self._history, rows.places[order.heads]
        sizes = order.last - order.heads + 1
        history.make_room(subjects, int(sizes.max()), int(rows.bounds.min()))
        at = order.rank + history.count[rows.places]
        history.times[rows.places, at], history.values[rows.places, at] = rows.starts, rows.values
        history.grades[rows.places, at] = base
        history.count[subjects] += sizes
        return at

    def _judge(self, block: Block, at: NDArray[np.int64], bounds: NDArray[np.int64], found: Found) -> None:
        """Judge the values of a block; what follows is in `found`."""
        steps = Steps(block, self._history.rules)
        whole = (len(block.items), len(block.rows)) == found.grades.shape
        own: Grades = found.grades if whole else found.grades[block.items[:, np.newaxis], block.rows]
        rates, spikes = steps.rates(), steps.spikes()
        if rates is not None:
            np.maximum(own, rates, out=own)
        if rates is not None or spikes is not None:
            self._keep(block, at, own, spikes)
        if spikes is not None:
            self._object_earlier(block, spikes)
        still = self._tails.still(block, steps.sizes)
        asked = still.any(axis=1) | (self._history.rules.limits.length[block.items] > 0)
        for place in np.flatnonzero(asked).tolist():
            self._judge_long(block.column(place), at, bounds, own[place], still[place])
        if asked.any():
            self._keep(block, at, own, spikes)
        if not whole:
            found.grades[block.items[:, np.newaxis], block.rows] = own
        before = self._say(block, own, spikes, found)
        self._tails.end(block, own, before)
        self._highs.end(block, at, spikes)

    def _keep(self, block: Block, at: NDArray[np.int64], own: Grades, spikes: Grades | None) -> None:
        """Let the history have the objections to values, as they are after those behind them came."""
        final = own if spikes is None else _with_spikes(own, block.order, spikes)
        item, value = np.nonzero(final > PASSED)
        self._history.grades[block.order.places[value], at[value], block.items[item]] = final[item, value]

    def _judge_long(
        self,
        column: Column,
        at: NDArray[np.int64],
        bounds: NDArray[np.int64],
        own: Grades,
        still: NDArray[np.bool_],
    ) -> None:
        """Judge by the tests of long stretches the values of which they may object to."""
        for place in np.flatnonzero(still & np.isfinite(column.seen)).tolist():
            said = self._judge_one(column, place, bounds)
            own[place] = max(own[place], said)
            grades = self._history.grades[column.order.places[place], at[place]]
            grades[column.item] = max(grades[column.item], said)
        for place in self._highs.candidates(column, at, bounds):
            own[place] = max(own[place], self._judge_one(column, place, bounds))

    def _object_earlier(self, block: Block, spikes: Grades) -> None:
        """Note spikes among the values that were there before."""
        for item, place in np.argwhere((spikes > 0) & (block.order.rank == 0)).tolist():
            column = block.column(item)
            subject = int(column.order.places[place])
            at, _ = self._history.find(subject, int(column.times[1, place]))
            grades = self._history.grades[subject, at]
            grades[column.item] = max(grades[column.item], spikes[item, place])

    def _judge_one(self, column: Column, place: int, bounds: NDArray[np.int64]) -> int:
        """What all tests in time say of a value with what is before it."""
        line = line_of(self._history, int(column.order.places[place]), column.item, int(bounds[place]))
        at = int(np.searchsorted(line.times, column.times[0, place]))
        return judged_in_time(line, at, self._history, column.item)

    def _say(self, block: Block, own: Grades, spikes: Grades | None, found: Found) -> Grades:
        """Tell of spikes and faults; what the value before each is now."""
        order, older = block.order, self._tails.grades[:, :, block.items]
        were = now = order.before(own, older[0])
        if spikes is not None:
            now = np.maximum(were, spikes)
            for place, row in np.argwhere(now > were).tolist():
                column, start = block.column(place), int(block.column(place).times[1, row])
                found.spikes.append(Spike(int(block.rows[row]), column.item, start, int(now[place, row])))
        first = order.places[order.heads]
        if block.there[1].all() and max(own.max(), now.max(), older[1, first].max()) <= PASSED:
            return now
        tests = np.where(block.there[::-1], FAULTS[np.stack([order.before(now, older[1]), now, own])], np.uint8(0))
        # Where no value before is looked back at, this one ends what was found long ago.
        faulty = tests.any(axis=0) | (FAULTS[were] > 0) | ~block.there[1]
        for place in np.flatnonzero(faulty.any(axis=1)).tolist():
            column, chosen = block.column(place), faulty[place]
            told = block.rows, 3 - column.there.sum(axis=0), column.times[::-1].T, tests[:, place].T
            for row, since, times, found_by in zip(*(array[chosen].tolist() for array in told), strict=True):
                found.chains.append(Chain(row, column.item, times[since:], found_by[since:]))
        return now


def _with_spikes(own: Grades, order: Order, spikes: Grades) -> Grades:
    """What values are after those behind them came."""
    final = own.copy()
    inside = order.rank[1:] > 0
    final[:, :-1][:, inside] = np.maximum(final[:, :-1], spikes[:, 1:])[:, inside]
    return final
