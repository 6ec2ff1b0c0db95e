"""How the values of each item of some subjects end, as they stand in the history."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.grades import HIDDEN, NOT_TOLD, Grades
from qingchuan.collector.quality.history import History

NEVER: Final = -(1 << 60)
"""The time of a value that is not there. [s since 1970-01-01 UTC]"""

_LAST: Final = 12
"""In so many observations the end of most lines can be seen."""


class Endings(NamedTuple):
    """The last two values of each item, the last one first, and how long its values have been alike.

    Attributes
    ----------
    times : ndarray of int64, shape (2, subjects, items)
        [s since 1970-01-01 UTC]
    seen : ndarray of float64, shape of `times`
        As the tests in time see them. [unit of the item]
    grades : ndarray of uint8, shape of `times`
    alike : ndarray of int64, shape (subjects, items)
        So many values there are of which none differs from the one before it by the tolerance. [-]
    """

    times: NDArray[np.int64]
    seen: NDArray[np.float64]
    grades: Grades
    alike: NDArray[np.int64]


def endings_of(history: History, places: NDArray[np.int64]) -> Endings:
    """How the values of some subjects end."""
    rows = history.count[places][:, np.newaxis] - 1 - np.arange(_LAST)
    at, there = (places[:, np.newaxis], np.maximum(rows, 0)), rows >= 0
    grades = np.where(there[..., np.newaxis], history.grades[at], np.uint8(NOT_TOLD))
    values, times = history.values[at], np.broadcast_to(history.times[at][..., np.newaxis], grades.shape)
    if ((grades == NOT_TOLD) & there[..., np.newaxis]).any():
        told_first = np.argsort(grades == NOT_TOLD, axis=1, kind="stable")
        grades, values, times = (np.take_along_axis(array, told_first, 1) for array in (grades, values, times))
    told = grades != NOT_TOLD
    seen = np.where(told & ~HIDDEN[grades], values, np.nan)
    breaks = breaks_of(np.diff(seen, axis=1), history.rules.limits.tolerance)
    broken, count = breaks.any(axis=1), told.sum(axis=1)
    found = Endings(
        np.where(told, times, NEVER)[:, :2].swapaxes(0, 1),
        seen[:, :2].swapaxes(0, 1),
        grades[:, :2].swapaxes(0, 1),
        np.where(broken, breaks.argmax(axis=1) + 1, count),
    )
    unclear = (~broken & history.rules.limits.asks_for_lines()) | (count < 2)  # noqa: PLR2004 - the last two
    for subject, item in np.argwhere(unclear & (history.count[places] > _LAST)[:, np.newaxis]).tolist():
        _look_farther(history, int(places[subject]), subject, item, found)
    return found


def breaks_of(steps: NDArray[np.float64], tolerance: NDArray[np.float64] | float) -> NDArray[np.bool_]:
    """Where values differ, by the step between them; not where one of them is not seen."""
    return np.asarray(np.abs(steps) >= tolerance)


def _look_farther(history: History, place: int, subject: int, item: int, found: Endings) -> None:
    """Find out from all values of an item how they end."""
    line = history.line(place, item)
    count = len(line.times)
    for back in range(min(count, 2)):
        last = count - 1 - back
        found.times[back, subject, item], found.seen[back, subject, item] = line.times[last], line.seen[last]
        found.grades[back, subject, item] = line.grades[last]
    breaks = np.flatnonzero(breaks_of(np.diff(line.seen), history.rules.limits.tolerance[item]))
    found.alike[subject, item] = count - 1 - breaks[-1] if breaks.size else count
