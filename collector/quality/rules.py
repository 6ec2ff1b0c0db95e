"""What the thresholds ask of the values of one period: which items, which tests, and how far they look back."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.grades import NOT_TOLD, PASSED, Grades, grades
from qingchuan.collector.quality.limits import Limits
from qingchuan.processing import catalogue
from qingchuan.processing.catalogue import Period
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.by_thresholds import by_itself, usual
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.logic import part_above_whole
from qingchuan.processing.quality.thresholds import ItemThresholds, Thresholds

IN_TIME: Final[tuple[Period, ...]] = ("hour", "instant")
"""The periods whose values are compared with what came before: hours of the air, readings of the water."""

_SLACK = 1e-6
"""What may be above its whole is looked at exactly."""


class Rules:
    """What the thresholds ask of the values of one period.

    The thresholds of an item of the water hold for readings of an instant, those of all other items for everything
    else: a station's own minutes and days of the water are not what they were made for.

    Parameters
    ----------
    thresholds : Thresholds
    period : {"hour", "day", "instant", "minute", "realtime"}

    Attributes
    ----------
    period : str
    items : tuple of str
        Those that have thresholds, or are a part or a whole of one that has.
    of : tuple of ItemThresholds
        Theirs.
    lookback : ndarray of int64, shape (items,)
        How far back their tests look. [s]
    days : int
        In how many whole days the longest look-back fits.
    limits : Limits
        What the tests in time let pass.
    """

    def __init__(self, thresholds: Thresholds, period: Period) -> None:
        self.period = period
        asked = [entry.key for entry in thresholds.items] + [
            key for pair in thresholds.logic for key in (pair.part, pair.whole)
        ]
        self.items = tuple(key for key in dict.fromkeys(asked) if _hold(key, period))
        self.of = tuple(thresholds.of(key) for key in self.items)
        self.lookback = np.array([_lookback(rules) for rules in self.of], np.int64)
        self.limits = Limits.of(self.of, period)
        self.days = max(1, math.ceil(max(self.lookback, default=0) / DAY))
        places = {key: place for place, key in enumerate(self.items)}
        self._pairs = [
            (places[pair.part], places[pair.whole], pair.tolerance)
            for pair in thresholds.logic
            if pair.part in places and pair.whole in places
        ]
        ranges = [_unsuspected(rules) for rules in self.of]
        self._least, self._most = (np.array([pair[end] for pair in ranges]) for end in (0, 1))
        self._zero = np.array([rules.zero is not None for rules in self.of], np.bool_)
        # Those above the least that is usual are none of these.
        self._usual = np.where(self._zero, np.maximum(self._least, np.nextafter(0, 1)), self._least)
        paired = {place for part, whole, _ in self._pairs for place in (part, whole)}
        self._paired = np.array([place in paired for place in range(len(self.items))], np.bool_)

    def by_itself(self, values: NDArray[np.float64]) -> Grades:
        """What values are by themselves: range, sign, zero, logic.

        Parameters
        ----------
        values : ndarray of float64, shape (rows, items)
            [unit of the item] NaN where an item is not told.

        Returns
        -------
        ndarray of uint8, shape (rows, items)
        """
        if not self._pairs and ((values >= self._usual) & (values <= self._most)).all():
            return np.full(values.shape, PASSED, np.uint8)
        found = np.where(np.isnan(values), np.uint8(NOT_TOLD), np.uint8(PASSED))
        odd = (values < self._least) | (values > self._most) | ((values == 0) & self._zero)
        for item in np.flatnonzero(odd.any(axis=0)).tolist():
            rows = np.flatnonzero(odd[:, item])
            for test, flags in by_itself(values[rows, item], self.items[item], self.of[item]).items():
                found[rows, item] = np.maximum(found[rows, item], grades(flags, test))
        for part, whole, tolerance in self._pairs:
            rows = np.flatnonzero(values[:, part] > values[:, whole] + (tolerance - _SLACK))
            if rows.size:
                told = part_above_whole(values[rows, part], values[rows, whole], tolerance)
                for item, flags in zip((part, whole), told, strict=True):
                    found[rows, item] = np.maximum(found[rows, item], grades(flags, QualityTest.LOGIC))
        return found

    def may_object(self, values: NDArray[np.float64], items: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a test of values by themselves may object to values of items."""
        beyond = (values < self._least[items]) | (values > self._most[items])
        return np.asarray(beyond | ((values == 0) & self._zero[items]) | self._paired[items])

    def partners_of(self, items: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The items that are a part or a whole of some others, of each row; shape (rows, items)."""
        found = np.zeros_like(items)
        for part, whole, _ in self._pairs:
            found[:, part] |= items[:, whole]
            found[:, whole] |= items[:, part]
        return found


def _hold(key: str, period: Period) -> bool:
    return ("water" in catalogue.item(key).domains) == (period == "instant")


def _unsuspected(rules: ItemThresholds) -> tuple[float, float]:
    """The range in which no test of a value by itself objects; zero is looked at apart."""
    plausible, suspect = catalogue.item(rules.key).plausible, usual(rules.key, rules)
    least = max(plausible[0], suspect[0], 0.0 if rules.negative else -math.inf)
    return least, min(plausible[1], suspect[1])


def _lookback(rules: ItemThresholds) -> int:
    """How far back the tests of an item look [s]."""
    lengths: list[float] = [HOUR]
    if flat := rules.flat_line:
        lengths += [hours * HOUR for hours in (flat.suspect_hours, flat.fail_hours) if math.isfinite(hours)]
    if same := rules.constant:
        lengths.append(same.further * catalogue.item(rules.key).cycle_hours * HOUR)
    if large := rules.outlier_large:
        lengths.append(large.days * DAY)
    return math.ceil(max(lengths))
