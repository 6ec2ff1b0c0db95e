"""The tests of two and three values, on many at once: those that come near a threshold are judged exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Block
from qingchuan.collector.quality.grades import NOT_TOLD, SUSPECTED, Grades, grades
from qingchuan.collector.quality.rules import Rules
from qingchuan.processing.periods import HOUR
from qingchuan.processing.quality.by_thresholds import SPIKES
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.rate_of_change import rate_of_change


class Steps:
    """How far and how long after one another the values of a block are.

    Parameters
    ----------
    block : Block
    rules : Rules

    Attributes
    ----------
    sizes : ndarray of float64, shape (items, values)
        From the value before, told when ever. [unit of the item] NaN where one of them is not seen.
    """

    def __init__(self, block: Block, rules: Rules) -> None:
        self._block = block
        self._rules = rules
        self.sizes = _distances(block.seen, block.before)
        self._lengths = block.times[:2] - block.times[1:]
        # Whether the value before is right before, and that before that one: of hours there may be a gap between.
        self._adjacent = block.there[1:]
        if rules.period == "hour":
            self._adjacent = self._adjacent & (self._lengths <= HOUR)

    def rates(self) -> Grades | None:
        """What the test of the rate of change says of each value; 0 where it does not object, None if nowhere."""
        limits = self._rules.limits.rate[self._block.items][:, np.newaxis]
        fast = self.sizes > limits * (HOUR if self._rules.period == "hour" else self._lengths[0])
        if not fast.any():
            return None
        fast &= self._adjacent[0]
        found = np.zeros(fast.shape, np.uint8)
        for place in np.flatnonzero(fast.any(axis=1)).tolist():
            column = self._block.column(place)
            rate = self._rules.of[column.item].rate_of_change
            lengths = column.times[0] - column.times[1]
            if rate is None:
                continue
            for length in np.unique(lengths[fast[place]]).tolist():
                here = np.flatnonzero(fast[place] & (lengths == length))
                both = np.stack([self._block.before[place, here], column.seen[here]], axis=1)
                flags = rate_of_change(both, [0, length], rate.suspect / HOUR, rate.fail / HOUR)
                found[place, here] = _objecting(grades(flags[:, 1], QualityTest.RATE_OF_CHANGE))
        return found

    def spikes(self) -> Grades | None:
        """What the spike test says of the value before each, now that there is one after it; as `rates`."""
        limits = self._rules.limits.spike[self._block.items][:, np.newaxis]
        order, before, older = self._block.order, self._block.before, self._block.older
        # Neither method finds more than the larger of the two steps, and that before is the step of the value before.
        far = np.asarray((self.sizes > limits).any(axis=0))
        far[1:] |= far[:-1]
        first = order.places[order.heads]
        far[order.heads] |= (_distances(before[:, order.heads], older[first].T) > limits).any(axis=0)
        near = np.flatnonzero(far)
        if not near.size:
            return None
        before_that = np.where(order.rank[near] > 0, before[:, near - 1], older[order.places[near]].T)
        around = np.stack([before_that, before[:, near], self._block.seen[:, near]], axis=-1)
        larger = np.maximum(self.sizes[:, near], _distances(before[:, near], before_that))
        asked = (larger > limits) & self._adjacent[0][:, near] & self._adjacent[1][:, near]
        found = np.zeros(self.sizes.shape, np.uint8)
        for place in np.flatnonzero(asked.any(axis=1)).tolist():
            rule, here = self._rules.of[int(self._block.items[place])].spike, np.flatnonzero(asked[place])
            if rule:
                flags = SPIKES[rule.method](around[place, here], rule.suspect, rule.fail)
                found[place, near[here]] = _objecting(grades(flags[:, 1], QualityTest.SPIKE))
        return found if asked.any() else None


def _distances(some: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        found = np.subtract(some, others)
    return np.abs(found, out=found)


def _objecting(found: Grades) -> Grades:
    return np.where(found >= SUSPECTED, found, np.uint8(NOT_TOLD))
