"""One value of one item, judged by all tests with what is known of its subject now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.grades import COUNTS, UNJUDGED, grades
from qingchuan.collector.quality.history import History, Line
from qingchuan.processing.periods import HOUR
from qingchuan.processing.quality.by_thresholds import SPIKES, ByTest, among_others, in_time
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.thresholds import ItemThresholds


def judged_in_time(line: Line, at: int, history: History, item: int) -> int:
    """The worst that the tests in time say of the value at a place, but for the spike: that needs the one after it."""
    rules, hours = history.rules.of[item], history.rules.period == "hour"
    since = int(line.times[at]) - int(history.rules.lookback[item])
    first = min(int(np.searchsorted(line.times, since)), max(at - 1, 0))
    past = slice(first, at + 1)
    part = Line(line.times[past], line.seen[past], line.grades[past])
    told = _hourly(part) if hours else part
    found = in_time(told.seen, told.times, history.rules.items[item], rules)
    found |= among_others(told.seen, COUNTS[told.grades] & np.isfinite(told.seen), told.times, rules, None)
    found.pop(QualityTest.SPIKE, None)
    return _worst(found, -1)


def spike_of(line: Line, at: int, history: History, item: int) -> int:
    """What the spike test says of the value at a place, with the values before and after it."""
    rules = history.rules.of[item]
    if not rules.spike or at < 0 or at + 1 >= len(line.times):
        return UNJUDGED
    around = [line.seen[place] if _is_next(line, at, place, history) else np.nan for place in (at - 1, at, at + 1)]
    return spike(np.array(around), rules)


def spike(around: NDArray[np.float64], rules: ItemThresholds) -> int:
    """What the spike test says of the middle one of three values."""
    if rules.spike is None:
        return UNJUDGED
    flags = SPIKES[rules.spike.method](around, rules.spike.suspect, rules.spike.fail)
    return _worst({QualityTest.SPIKE: flags}, 1)


def _is_next(line: Line, at: int, place: int, history: History) -> bool:
    """Whether a value is that right before or after another one, or itself: of hours there may be a gap between."""
    if not 0 <= place < len(line.times):
        return False
    return history.rules.period != "hour" or abs(int(line.times[place] - line.times[at])) <= HOUR


def _hourly(part: Line) -> Line:
    """Values of hours with a place for each hour that is missing."""
    at = (part.times - part.times[0]) // HOUR
    times = part.times[0] + HOUR * np.arange(at[-1] + 1)
    seen, found = np.full(len(times), np.nan), np.zeros(len(times), np.uint8)
    seen[at], found[at] = part.seen, part.grades
    return Line(times, seen, found)


def _worst(found: ByTest, at: int) -> int:
    return max((int(grades(flags[at : at + 1 or None], test)[0]) for test, flags in found.items()), default=UNJUDGED)
