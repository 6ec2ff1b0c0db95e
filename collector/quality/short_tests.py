"""The tests of two and three values, on many at once: those that come near a threshold are judged exactly."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Column
from qingchuan.collector.quality.grades import NOT_TOLD, SUSPECTED, Grades, grades
from qingchuan.collector.quality.tails import steps_of
from qingchuan.processing.periods import HOUR
from qingchuan.processing.quality.by_thresholds import SPIKES
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.rate_of_change import rate_of_change
from qingchuan.processing.quality.thresholds import ItemThresholds

_NEARLY: Final = 1 - 1e-9


def rates_of(column: Column, adjacent: NDArray[np.bool_], rules: ItemThresholds) -> Grades:
    """What the test of the rate of change says of each value; 0 where it does not object.

    Parameters
    ----------
    column : Column
    adjacent : ndarray of bool, shape (values,)
        Whether the value before is right before.
    rules : ItemThresholds
    """
    found = np.zeros(len(column.rows), np.uint8)
    rate = rules.rate_of_change
    if rate is None:
        return found
    lengths = column.times[0] - column.times[1]
    fast = adjacent & (np.abs(steps_of(column)) > rate.suspect * _NEARLY / HOUR * lengths)
    for length in np.unique(lengths[fast]).tolist():
        here = np.flatnonzero(fast & (lengths == length))
        flags = rate_of_change(column.seen[1::-1, here].T, [0, length], rate.suspect / HOUR, rate.fail / HOUR)
        found[here] = _objecting(grades(flags[:, 1], QualityTest.RATE_OF_CHANGE))
    return found


def spikes_of(column: Column, adjacent: NDArray[np.bool_], rules: ItemThresholds) -> Grades:
    """What the spike test says of the value before each, now that there is one after it; 0 where it does not object.

    Parameters
    ----------
    column : Column
    adjacent : ndarray of bool, shape (values,)
        Whether the two values before are right before.
    rules : ItemThresholds
    """
    found = np.zeros(len(column.rows), np.uint8)
    if rules.spike is None:
        return found
    with np.errstate(over="ignore"):
        steps = np.abs(column.seen[:2] - column.seen[1:])
    # Neither method finds more than the larger step.
    here = np.flatnonzero(adjacent & (steps.max(axis=0) > rules.spike.suspect * _NEARLY))
    if here.size:
        flags = SPIKES[rules.spike.method](column.seen[::-1, here].T, rules.spike.suspect, rules.spike.fail)
        found[here] = _objecting(grades(flags[:, 1], QualityTest.SPIKE))
    return found


def _objecting(found: Grades) -> Grades:
    return np.where(found >= SUSPECTED, found, np.uint8(NOT_TOLD))
