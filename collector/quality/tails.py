"""How the values of each item of each subject ended: what is enough to judge most of what comes next."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Block
from qingchuan.collector.quality.endings import NEVER, endings_of
from qingchuan.collector.quality.grades import Grades
from qingchuan.collector.quality.history import History

_ARRAYS: Final = ("times", "seen", "grades", "alike", "top", "top_time", "spoilt")


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
    alike : ndarray of int64, shape (subjects, items)
        The last values of which none differs from the one before it by the tolerance are at most so many. [-]
    top : ndarray of float64, shape (subjects, items)
        A large valid value. [unit of the item]
    top_time : ndarray of int64, shape of `top`
        When it was told, or earlier. [s since 1970-01-01 UTC]
    spoilt : ndarray of bool, shape (subjects, 1)
        Whose history was changed otherwise: all of this has to be found out anew.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._make(len(history.count))
        self.spoilt[history.count > 0] = True

    def spoil(self, places: NDArray[np.int64]) -> None:
        """Take note that the history of some subjects was changed otherwise."""
        self._make_room()
        self.spoilt[places] = True

    def mend(self, places: NDArray[np.int64]) -> None:
        """See to it that all is right of some subjects."""
        self._make_room()
        spoilt = np.unique(places[self.spoilt[places, 0]])
        if not spoilt.size:
            return
        self.spoilt[spoilt] = False
        self.top[spoilt], self.top_time[spoilt] = -np.inf, NEVER
        told = endings_of(self._history, spoilt)
        self.times[:, spoilt], self.seen[:, spoilt], self.grades[:, spoilt] = told.times, told.seen, told.grades
        self.alike[spoilt] = told.alike

    def _make_room(self) -> None:
        had = self.alike.shape[0]
        if len(self._history.count) > had:
            before = [getattr(self, name) for name in _ARRAYS]
            self._make(len(self._history.count))
            for name, old in zip(_ARRAYS, before, strict=True):
                getattr(self, name)[..., :had, :] = old

    def _make(self, subjects: int) -> None:
        shape = subjects, len(self._history.rules.items)
        self.times = np.full((2, *shape), NEVER, np.int64)
        self.seen = np.full((2, *shape), np.nan)
        self.grades = np.zeros((2, *shape), np.uint8)
        self.alike, self.spoilt = np.zeros(shape, np.int64), np.zeros((subjects, 1), np.bool_)
        self.top, self.top_time = np.full(shape, -np.inf), np.full(shape, NEVER, np.int64)

    def still(self, block: Block, sizes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where values have been alike for so long that a test may object.

        Parameters
        ----------
        block : Block
        sizes : ndarray of float64, shape (items, values)
            How far each is from the value before. [unit of the item]
        """
        limits, items, order = self._history.rules.limits, block.items, block.order
        here = order.places[order.last][:, np.newaxis], items
        older, count = self.alike[here].T, order.last - order.heads + 1
        breaks = sizes >= limits.tolerance[items][:, np.newaxis]
        index = np.arange(len(block.rows), dtype=np.int32)
        at = np.where(breaks, index, np.int32(-1))
        last = np.maximum.reduceat(at, order.heads, axis=1)
        self.alike[here] = np.where(last >= order.heads, order.last - last + 1, count + older).T
        longest = count - np.add.reduceat(breaks, order.heads, axis=1, dtype=np.int64) + 1 + older
        found = np.zeros(breaks.shape, np.bool_)
        for place in np.flatnonzero((longest >= limits.fewest[items][:, np.newaxis]).any(axis=1)).tolist():
            before = np.maximum.accumulate(at[place])
            reaching = order.rank + 1 + np.repeat(older[place], count)
            alike = np.where(before >= index - order.rank, index - before + 1, reaching)
            found[place] = alike >= limits.fewest[items[place]]
        return found

    def end(self, block: Block, grades: Grades, before: Grades) -> None:
        """Take over how the values of items end, with the grades of the last ones and of those before them."""
        last = block.order.last
        here = block.order.places[last][:, np.newaxis], block.items
        told = ((block.seen, grades), (block.before, before))
        for back, (seen, graded) in enumerate(told):
            self.times[back][here] = block.times[back][:, last].T
            self.seen[back][here], self.grades[back][here] = seen[:, last].T, graded[:, last].T
