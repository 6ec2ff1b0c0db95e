"""How the water of rivers and networks changed against the period before (水质变化)."""

from __future__ import annotations

import numpy as np

from qingchuan.api.schemas.water_shares import Shares, WaterChange
from qingchuan.processing.standards import WaterStatus
from qingchuan.processing.water.change import change_by_shares, change_by_status, change_words, status_levels
from qingchuan.processing.water.rivers import RiverAssessment


def change_of_shares(earlier: Shares, later: Shares, measures: WaterStatus) -> WaterChange | None:
    """Change of a network by the shares of its classes; None where one of the two has too few sections."""
    if min(earlier.evaluated, later.evaluated) < measures.river.few:
        return None
    good, worst = (_or_nan(earlier.good), _or_nan(later.good)), (_or_nan(earlier.worst), _or_nan(later.worst))
    return _by_shares(good, worst, measures)


def change_of_river(earlier: RiverAssessment, later: RiverAssessment, measures: WaterStatus) -> WaterChange | None:
    """Change of a river: by shares where these decide both times, else by status; None where not compared."""
    if earlier.method == later.method == "shares":
        good = float(earlier.shares.good), float(later.shares.good)
        return _by_shares(good, (float(earlier.shares.worst), float(later.shares.worst)), measures)
    levels = _level(earlier, measures), _level(later, measures)
    words = change_words(int(change_by_status(*levels, measures)), measures)
    return None if words is None else WaterChange(words, "status", None, None, None)


def _by_shares(good: tuple[float, float], worst: tuple[float, float], measures: WaterStatus) -> WaterChange | None:
    found = change_by_shares(good, worst, measures)
    words = change_words(int(found.change), measures)
    if words is None:
        return None
    return WaterChange(words, "shares", float(found.good), float(found.worst), float(found.balance))


def _level(river: RiverAssessment, measures: WaterStatus) -> int:
    """Its level of status, 1 优 to 5 重度污染: rows of the table of rivers, or of classes."""
    return int(status_levels(river.number, measures)) if river.method == "mean" else river.number


def _or_nan(share: float | None) -> float:
    return np.nan if share is None else share
