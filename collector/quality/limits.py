"""What the tests in time ask of items, as arrays: enough to rule out on many values at once that they object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.catalogue import Period
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.thresholds import ItemThresholds

NEARLY: Final = 1 - 1e-9
"""What comes so near a threshold is judged exactly."""

_NO_LINE: Final = 1 << 60
_SMALLEST: Final = 5e-324
"""Values that differ at all differ by so much."""


class Limits(NamedTuple):
    """What values may do without being looked at, each an array of shape (items,).

    Attributes
    ----------
    rate : ndarray of float64
        How fast they may change. [unit of the item per second] Infinite where nothing asks.
    spike : ndarray of float64
        How far one may be from the one before. [unit of the item]
    tolerance : ndarray of float64
        Values that are less than this from the one before are alike. [unit of the item]
    fewest : ndarray of int64
        Fewer values that are alike are no line. [-]
    length : ndarray of int64
        How long ago there may have been a larger one; 0 where nothing asks. [s]
    factor : ndarray of float64
        What is not above so many times the mean is not too large. [-]
    at_least : ndarray of int64
        Of so many values there is a mean. [-]
    """

    rate: NDArray[np.float64]
    spike: NDArray[np.float64]
    tolerance: NDArray[np.float64]
    fewest: NDArray[np.int64]
    length: NDArray[np.int64]
    factor: NDArray[np.float64]
    at_least: NDArray[np.int64]

    @classmethod
    def of(cls, items: Sequence[ItemThresholds], period: Period) -> Self:
        """Those of the thresholds of some items."""
        rates = [rules.rate_of_change.suspect / HOUR * NEARLY if rules.rate_of_change else np.inf for rules in items]
        spikes = [rules.spike.suspect * NEARLY if rules.spike else np.inf for rules in items]
        lines = [_line(rules, period) for rules in items]
        large = [rules.outlier_large for rules in items]
        return cls(
            np.array(rates, np.float64),
            np.array(spikes, np.float64),
            np.array([tolerance for tolerance, _ in lines], np.float64),
            np.array([fewest for _, fewest in lines], np.int64),
            np.array([rule.days * DAY if rule else 0 for rule in large], np.int64),
            np.array([rule.factor if rule else np.inf for rule in large], np.float64),
            np.array([rule.at_least if rule else 0 for rule in large], np.int64),
        )

    def asks_for_lines(self) -> NDArray[np.bool_]:
        """Of which items a test looks for values that are alike."""
        return self.fewest < _NO_LINE


def _line(rules: ItemThresholds, period: Period) -> tuple[float, int]:
    """How near values are that are alike, and how many of them a test may object to."""
    tolerance, fewest = 0.0, _NO_LINE
    if rules.constant:
        tolerance, fewest = _SMALLEST, rules.constant.further + 1
    if rules.flat_line:
        tolerance, fewest = max(tolerance, rules.flat_line.tolerance), min(fewest, _fewest(rules, period))
    return tolerance, fewest


def _fewest(rules: ItemThresholds, period: Period) -> int:
    """So many values a flat line has at least."""
    flat = rules.flat_line
    if flat is None or period != "hour":
        return 1
    hours = [int(length) for length in (flat.suspect_hours, flat.fail_hours) if 1 <= length < np.inf]
    return max(1, -(-flat.present * (min(hours) + 1) // 100)) if hours else 1
