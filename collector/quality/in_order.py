"""Judging many observations at once that come in the order of time, each newer than all before of its subject.

It says what `one_by_one` says of each of them. Tests of long stretches of time are run only where what is kept of the
stretch (see `tails`) does not rule out that they object.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Column, Order, Rows
from qingchuan.collector.quality.grades import FAULTS, HIDDEN, PASSED, Grades
from qingchuan.collector.quality.highs import Highs
from qingchuan.collector.quality.history import History, line_of
from qingchuan.collector.quality.judging_one import judged_in_time
from qingchuan.collector.quality.short_tests import rates_of, spikes_of
from qingchuan.collector.quality.tails import Tails
from qingchuan.processing.periods import HOUR
from qingchuan.processing.quality.thresholds import ItemThresholds


class Spike(NamedTuple):
    """A value by which the one before it turned out to be a spike.

    Attributes
    ----------
    row, item : int
    start : int
        Of the observation before. [s since 1970-01-01 UTC]
    before : int
        Its row; -1 where it was told earlier.
    grade : int
        What it is now.
    """

    row: int
    item: int
    start: int
    before: int
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
    grades : ndarray of uint8, shape (rows, items)
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
        self._tails.make_room()
        found = Found(self._history.rules.by_itself(rows.values), [], [])
        seen = np.where(HIDDEN[found.grades], np.nan, rows.values)
        order = Order.of(rows.places)
        at = self._append(rows, order, found.grades)
        for item in np.flatnonzero(found.grades.any(axis=0)).tolist():
            column = Column.of(item, rows, order, seen, found.grades[:, item] > 0, self._tails)
            self._judge(column, at[column.rows], rows.bounds[column.rows], found)
        return found

    def _append(self, rows: Rows, order: Order, base: Grades) -> NDArray[np.int64]:
        """Put rows behind those of their subjects; where they stand."""
        history, subjects = self._history, rows.places[order.heads]
        sizes = np.diff(order.heads, append=len(rows.places))
        history.make_room(subjects, int(sizes.max()), int(rows.bounds.min()))
        at = order.rank + history.count[rows.places]
        history.times[rows.places, at], history.values[rows.places, at] = rows.starts, rows.values
        history.grades[rows.places, at] = base
        history.count[subjects] += sizes
        return at

    def _judge(self, column: Column, at: NDArray[np.int64], bounds: NDArray[np.int64], found: Found) -> None:
        """Judge the values of an item; what follows is in `found`."""
        item, rules = column.item, self._history.rules.of[column.item]
        here, near = (column.order.places, at, item), self._near(column)
        own = np.maximum(found.grades[column.rows, item], rates_of(column, near[0], rules))
        spikes = spikes_of(column, near[0] & near[1], rules)
        self._history.grades[here] = _with_spikes(own, column, spikes)
        self._object_earlier(column, spikes)
        still = self._tails.still(column, rules, self._fewest(rules))
        if still.any() or rules.outlier_large:
            self._judge_long(column, at, bounds, own, still)
            self._history.grades[here] = _with_spikes(own, column, spikes)
        found.grades[column.rows, item] = own
        before = self._say(column, own, spikes, found)
        self._tails.end(column, own, before)
        if rules.outlier_large:
            self._highs.end(column, self._history.grades[here], spikes)

    def _judge_long(
        self,
        column: Column,
        at: NDArray[np.int64],
        bounds: NDArray[np.int64],
        own: Grades,
        still: NDArray[np.bool_],
    ) -> None:
        """Judge by the tests of long stretches the values of which they may object to."""
        for place in np.flatnonzero(still & np.isfinite(column.seen[0])).tolist():
            said = self._judge_one(column, place, bounds)
            own[place] = max(own[place], said)
            grades = self._history.grades[column.order.places[place], at[place]]
            grades[column.item] = max(grades[column.item], said)
        if self._history.rules.of[column.item].outlier_large:
            for place in self._highs.candidates(column, at, bounds):
                own[place] = max(own[place], self._judge_one(column, place, bounds))

    def _near(self, column: Column) -> NDArray[np.bool_]:
        """Whether the value before each is right before it, and that before that one: of hours there is no gap."""
        if self._history.rules.period != "hour":
            return column.there[1:]
        return column.there[1:] & (column.times[:2] - column.times[1:] <= HOUR)

    def _fewest(self, rules: ItemThresholds) -> int:
        """So many values a flat line has at least."""
        flat = rules.flat_line
        if flat is None or self._history.rules.period != "hour":
            return 1
        hours = [int(length) for length in (flat.suspect_hours, flat.fail_hours) if 1 <= length < np.inf]
        return max(1, -(-flat.present * (min(hours) + 1) // 100)) if hours else 1

    def _object_earlier(self, column: Column, spikes: Grades) -> None:
        """Note spikes among the values that were there before."""
        for place in np.flatnonzero((spikes > 0) & (column.order.rank == 0)).tolist():
            subject = int(column.order.places[place])
            at, _ = self._history.find(subject, int(column.times[1, place]))
            grades = self._history.grades[subject, at]
            grades[column.item] = max(grades[column.item], spikes[place])

    def _judge_one(self, column: Column, place: int, bounds: NDArray[np.int64]) -> int:
        """What all tests in time say of a value with what is before it."""
        line = line_of(self._history, int(column.order.places[place]), column.item, int(bounds[place]))
        at = int(np.searchsorted(line.times, column.times[0, place]))
        return judged_in_time(line, at, self._history, column.item)

    def _say(self, column: Column, own: Grades, spikes: Grades, found: Found) -> Grades:
        """Tell of spikes and faults; what the value before each is now."""
        older, item = self._tails.grades[:, :, column.item], column.item
        were = column.before(own, older[0])
        now: Grades = np.maximum(were, spikes)
        for place in np.flatnonzero(now > were).tolist():
            before = int(column.rows[place - 1]) if column.order.rank[place] else -1
            found.spikes.append(
                Spike(int(column.rows[place]), item, int(column.times[1, place]), before, int(now[place]))
            )
        if (
            column.there[1].all()
            and max(own.max(), now.max(), older[:, column.order.places[column.order.heads]].max()) <= PASSED
        ):
            return now
        tests = FAULTS[np.stack([column.before(now, older[1]), now, own])]
        # Where no value before is looked back at, this one ends what was found long ago.
        faulty = tests.any(axis=0) | (FAULTS[were] > 0) | ~column.there[1]
        if faulty.any():
            told = column.rows, 3 - column.there.sum(axis=0), column.times[::-1].T, tests.T
            for row, first, times, found_by in zip(*(array[faulty].tolist() for array in told), strict=True):
                found.chains.append(Chain(row, item, times[first:], found_by[first:]))
        return now


def _with_spikes(own: Grades, column: Column, spikes: Grades) -> Grades:
    """What values are after those behind them came."""
    final = own.copy()
    inside = column.order.rank[1:] > 0
    final[:-1][inside] = np.maximum(final[:-1], spikes[1:])[inside]
    return final
