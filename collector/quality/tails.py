"""How the values of each item of each subject ended: what is enough to judge most of what comes next."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Column, Order
from qingchuan.collector.quality.grades import NOT_TOLD, Grades
from qingchuan.collector.quality.history import History
from qingchuan.processing.quality.thresholds import ItemThresholds

NEVER: Final = -(1 << 60)
"""The time of a value that is not there. [s since 1970-01-01 UTC]"""

_ARRAYS: Final = ("times", "seen", "grades", "same", "flat", "top", "top_time")


class Tails:
    """The last two values of each item of each subject, and how long its values have been alike.

    Parameters
    ----------
    history : History

    Attributes
    ----------
    times : ndarray of int64, shape (2, subjects, items)
        Of the last value and the one before it. [s since 1970-01-01 UTC]
    seen : ndarray of float64, shape of `times`
        As the tests in time see them. [unit of the item]
    grades : ndarray of uint8, shape of `times`
    same, flat : ndarray of int64, shape (subjects, items)
        The last values of which none differs from the one before it, at all or by more than the tolerance of the flat
        line, are at most so many. [-]
    top : ndarray of float64, shape (subjects, items)
        A large valid value. [unit of the item]
    top_time : ndarray of int64, shape of `top`
        When it was told, or earlier. [s since 1970-01-01 UTC]
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._make(len(history.count))
        for place in np.flatnonzero(history.count).tolist():
            self.refresh(place)

    def make_room(self) -> None:
        """See to it that all subjects of the history have a place."""
        had = self.same.shape[0]
        if len(self._history.count) > had:
            before = [getattr(self, name) for name in _ARRAYS]
            self._make(len(self._history.count))
            for name, old in zip(_ARRAYS, before, strict=True):
                getattr(self, name)[..., :had, :] = old

    def refresh(self, place: int) -> None:
        """Find out anew how the values of a subject ended."""
        self.make_room()
        for item, rules in enumerate(self._history.rules.of):
            times, seen, grades = self._history.line(place, item)
            for back in (0, 1):
                there = len(times) > back
                self.times[back, place, item] = times[-1 - back] if there else NEVER
                self.seen[back, place, item] = seen[-1 - back] if there else np.nan
                self.grades[back, place, item] = grades[-1 - back] if there else NOT_TOLD
            steps = np.diff(seen)
            self.same[place, item] = _alike(changed(steps), len(seen))
            self.flat[place, item] = _alike(moved(steps, rules), len(seen))
        self.top[place], self.top_time[place] = -np.inf, NEVER

    def _make(self, subjects: int) -> None:
        shape = subjects, len(self._history.rules.items)
        self.times = np.full((2, *shape), NEVER, np.int64)
        self.seen = np.full((2, *shape), np.nan)
        self.grades = np.zeros((2, *shape), np.uint8)
        self.same, self.flat = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.top, self.top_time = np.full(shape, -np.inf), np.full(shape, NEVER, np.int64)

    def still(self, column: Column, rules: ItemThresholds, fewest: int) -> NDArray[np.bool_]:
        """Where values have been alike for so long that a test may object.

        Parameters
        ----------
        column : Column
        rules : ItemThresholds
        fewest : int
            So many values a flat line has at least.
        """
        found = np.zeros(len(column.rows), np.bool_)
        last = np.append(column.order.heads[1:], len(column.rows)) - 1
        here = column.order.places[last], column.item
        if rules.constant:
            same = _alike_all(changed(steps_of(column)), column.order, self.same[:, column.item])
            self.same[here] = same[last]
            found |= same > rules.constant.further
        if rules.flat_line:
            flat = _alike_all(moved(steps_of(column), rules), column.order, self.flat[:, column.item])
            self.flat[here] = flat[last]
            found |= flat >= fewest
        return found

    def end(self, column: Column, grades: Grades, before: Grades) -> None:
        """Take over how the values of an item end, with the grades of the last ones and of those before them."""
        last = np.append(column.order.heads[1:], len(column.rows)) - 1
        here = column.order.places[last], column.item
        for back, graded in enumerate((grades, before)):
            self.times[back][here], self.seen[back][here] = column.times[back, last], column.seen[back, last]
            self.grades[back][here] = graded[last]


def _alike_all(breaks: NDArray[np.bool_], order: Order, older: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many values, each the last of them, have no break between them; `older` counts them where all are older."""
    index = np.arange(len(breaks))
    last = np.maximum.accumulate(np.where(breaks, index, -1))
    return np.where(last >= index - order.rank, index - last + 1, order.rank + 1 + older[order.places])


def steps_of(column: Column) -> NDArray[np.float64]:
    """How far each value is from the one before it, told when ever; NaN where one of them is not seen."""
    with np.errstate(over="ignore"):
        return np.asarray(column.seen[0] - column.seen[1])


def changed(steps: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a value is another one than that before it, by the step between them; not where one is not seen."""
    return np.asarray((steps != 0) & ~np.isnan(steps))


def moved(steps: NDArray[np.float64], rules: ItemThresholds) -> NDArray[np.bool_]:
    """Whether a value left the tolerance of the flat line about the one before it, by the step between them."""
    return np.asarray(np.abs(steps) >= (rules.flat_line.tolerance if rules.flat_line else np.inf))


def _alike(breaks: NDArray[np.bool_], count: int) -> int:
    """How many values there are from the last break on; a break lies between two of `count` values."""
    last = np.flatnonzero(breaks)
    return count - 1 - int(last[-1]) if last.size else count
