"""Values of items wherever they stand in the history, judged by what lies around them now.

Most are ruled out together, by arrays; those to which a test may object are judged exactly, one by one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.grades import COUNTS, HIDDEN, INCOMING, NOT_TOLD, PASSED, UNJUDGED, Grades
from qingchuan.collector.quality.highs import may_be_largest
from qingchuan.collector.quality.history import History, Line
from qingchuan.collector.quality.judging_one import judged_in_time, spike_of
from qingchuan.processing.periods import HOUR

_STEPS: Final = 16
"""So many observations that do not tell an item are passed over together."""


class Cells(NamedTuple):
    """Values of items.

    Attributes
    ----------
    places, rows, items : ndarray of int64, shape (cells,)
        Where they stand in the history; a row of -1 is none.
    first : ndarray of int64, shape (cells,)
        The first row that is looked back at from each.
    """

    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    items: NDArray[np.int64]
    first: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Cells:
        """Some of them."""
        return Cells(*(array[chosen] for array in self))

    def one(self, cell: int) -> Cells:
        """One of them."""
        return Cells(*(array[cell : cell + 1] for array in self))

    def at(self, rows: NDArray[np.int64]) -> Cells:
        """The same items at other rows."""
        return self._replace(rows=rows)


class _Around(NamedTuple):
    """What lies around cells.

    Attributes
    ----------
    before : Cells
    length : ndarray of int64, shape (cells,)
        How long after the value before each is; -1 where there is none. [s]
    adjacent, amid : ndarray of bool, shape (cells,)
        Whether the value before is right before, and whether that after is right after, too.
    step, next_step : ndarray of float64, shape (cells,)
        How far each is from the value before, and from that after; NaN where one is not seen. [unit of the item]
    """

    before: Cells
    length: NDArray[np.int64]
    adjacent: NDArray[np.bool_]
    amid: NDArray[np.bool_]
    step: NDArray[np.float64]
    next_step: NDArray[np.float64]


class CellTests:
    """The tests in time, and those of a value by itself, on cells.

    Parameters
    ----------
    history : History
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._limits = history.rules.limits
        self._asks_for_lines = self._limits.asks_for_lines()

    def grades(self, cells: Cells) -> Grades:
        """What they are now; 0 where there is none."""
        found = self._history.grades[cells.places, cells.rows, cells.items]
        return np.where(cells.rows >= 0, found, np.uint8(NOT_TOLD))

    def before(self, cells: Cells) -> NDArray[np.int64]:
        """The rows of the values before; -1 where none is looked back at."""
        rows, steps = cells.rows - 1, 0
        silent = (rows >= cells.first) & ~self._told(cells, rows)
        while silent.any() and steps < _STEPS:
            rows, steps = rows - silent, steps + 1
            silent = (rows >= cells.first) & ~self._told(cells, rows)
        for cell in np.flatnonzero(silent).tolist():
            told = np.flatnonzero(self._told(cells.one(cell), np.arange(cells.first[cell], rows[cell])))
            rows[cell] = cells.first[cell] + told[-1] if told.size else -1
        return np.where(rows >= cells.first, rows, -1)

    def after(self, cells: Cells) -> NDArray[np.int64]:
        """The rows of the values after; -1 where there is none."""
        rows, last, steps = cells.rows + 1, self._history.count[cells.places] - 1, 0
        silent = (rows <= last) & ~self._told(cells, np.minimum(rows, last))
        while silent.any() and steps < _STEPS:
            rows, steps = rows + silent, steps + 1
            silent = (rows <= last) & ~self._told(cells, np.minimum(rows, last))
        for cell in np.flatnonzero(silent).tolist():
            told = np.flatnonzero(self._told(cells.one(cell), np.arange(rows[cell], last[cell] + 1)))
            rows[cell] = rows[cell] + told[0] if told.size else -1
        return np.where((rows >= 0) & (rows <= last), rows, -1)

    def judge_again(self, cells: Cells) -> None:
        """Judge cells by all tests; what they are now tells with which grades they came in."""
        now = self.grades(cells)
        self.judge(cells, np.where(INCOMING[now], now, np.uint8(UNJUDGED)))

    def judge(self, cells: Cells, incoming: Grades) -> None:
        """Judge cells by all tests, with the grades that they came in with."""
        if not cells.rows.size:
            return
        found = np.maximum(self._by_itself(cells), incoming)
        seen, around = self._seen(cells), self._around(cells)
        asked = around.adjacent & (around.step > self._limits.rate[cells.items] * around.length)
        asked |= self._may_be_spike(cells, around) | self._may_be_large(cells, seen, around.before)
        asked |= self._may_be_still(cells, np.isfinite(seen) & ~(around.step >= self._limits.tolerance[cells.items]))
        for cell in np.flatnonzero(asked & np.isfinite(seen)).tolist():
            line, at = self.line(cells, cell)
            item = int(cells.items[cell])
            said = judged_in_time(line, at, self._history, item), spike_of(line, at, self._history, item)
            found[cell] = max(int(found[cell]), *said)
        self._set(cells, found)

    def judge_spikes(self, cells: Cells) -> None:
        """Judge cells that were the last of their line and have one after them now: whether they are spikes."""
        if not cells.rows.size:
            return
        found = self.grades(cells)
        for cell in np.flatnonzero(self._may_be_spike(cells, self._around(cells))).tolist():
            line, at = self.line(cells, cell)
            said = spike_of(line, at, self._history, int(cells.items[cell]))
            found[cell] = max(int(found[cell]), said if said > PASSED else NOT_TOLD)
        self._set(cells, found)

    def line(self, cells: Cells, cell: int) -> tuple[Line, int]:
        """The values of the item of a cell, and where it stands among them."""
        place, row, item, first = (int(array[cell]) for array in cells)
        line = self._history.line(place, item, first)
        return line, int(np.searchsorted(line.times, self._history.times[place, row]))

    def _by_itself(self, cells: Cells) -> Grades:
        found = np.full(len(cells.rows), PASSED, np.uint8)
        values, rules = self._history.values[cells.places, cells.rows, cells.items], self._history.rules
        odd = np.flatnonzero(rules.may_object(values, cells.items))
        if odd.size:
            rows = self._history.values[cells.places[odd], cells.rows[odd]]
            found[odd] = rules.by_itself(rows)[np.arange(len(odd)), cells.items[odd]]
        return found

    def _around(self, cells: Cells) -> _Around:
        """What lies before and after cells."""
        before, after, seen = cells.at(self.before(cells)), cells.at(self.after(cells)), self._seen(cells)
        length, following = self._length(before, cells), self._length(cells, after)
        with np.errstate(over="ignore"):
            step, next_step = np.abs(seen - self._seen(before)), np.abs(seen - self._seen(after))
        adjacent = self._are_adjacent(length)
        return _Around(before, length, adjacent, adjacent & self._are_adjacent(following), step, next_step)

    def _may_be_spike(self, cells: Cells, around: _Around) -> NDArray[np.bool_]:
        # Neither method finds more than the larger step.
        larger = np.maximum(around.step, around.next_step)
        return np.asarray(around.amid & (larger > self._limits.spike[cells.items]))

    def _may_be_still(self, cells: Cells, alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where as many values as a test asks for, the last of them this one, are alike; `alike` the last two are."""
        found = np.zeros(len(alike), np.bool_)
        here = np.flatnonzero((alike | (self._limits.fewest[cells.items] <= 1)) & self._asks_for_lines[cells.items])
        line, told = cells.take(here), 1
        while here.size:
            enough = self._limits.fewest[line.items] <= told
            found[here[enough]] = True
            before = line.at(self.before(line))
            with np.errstate(over="ignore"):
                steps = np.abs(self._seen(line) - self._seen(before))
            goes_on = ~enough & (before.rows >= 0) & ~(steps >= self._limits.tolerance[line.items])
            here, line, told = here[goes_on], before.take(goes_on), told + 1
        return found

    def _may_be_large(self, cells: Cells, seen: NDArray[np.float64], before: Cells) -> NDArray[np.bool_]:
        lengths = self._limits.length[cells.items]
        found = (lengths > 0) & np.isfinite(seen)
        if not found.any():
            return found
        since = np.maximum(self._times(cells) - lengths, self._times(cells.at(cells.first)))
        smaller = COUNTS[self.grades(before)] & (self._times(before) >= since) & (self._seen(before) >= seen)
        here = np.flatnonzero(found & ~smaller)
        line = cells.take(here)
        found[:] = False
        found[here] = may_be_largest(self._history, line.places, line.items, line.rows, seen[here], since[here]).may
        return found

    def _times(self, cells: Cells) -> NDArray[np.int64]:
        return self._history.times[cells.places, cells.rows]

    def _length(self, earlier: Cells, later: Cells) -> NDArray[np.int64]:
        """How long after one value another one was told [s]; -1 where there is none."""
        there = (earlier.rows >= 0) & (later.rows >= 0)
        return np.where(there, self._times(later) - self._times(earlier), -1)

    def _are_adjacent(self, lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a value is right before another one: of hours there may be a gap between."""
        return np.asarray((lengths > 0) & ((lengths <= HOUR) | (self._history.rules.period != "hour")))

    def _seen(self, cells: Cells) -> NDArray[np.float64]:
        """As the tests in time see them; NaN where there is none."""
        values = self._history.values[cells.places, cells.rows, cells.items]
        return np.where((cells.rows < 0) | HIDDEN[self.grades(cells)], np.nan, values)

    def _told(self, cells: Cells, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether observations tell the items of cells."""
        return np.asarray(self._history.grades[cells.places, rows, cells.items] != NOT_TOLD)

    def _set(self, cells: Cells, grades: Grades) -> None:
        self._history.grades[cells.places, cells.rows, cells.items] = grades
