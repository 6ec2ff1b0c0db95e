"""What subjects told, hour by hour: valid values, flagged ones, and those of an instrument under calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.processing.flags import valid
from qingchuan.processing.periods import HOUR
from qingchuan.store.observations import Observations, Period

EARLY: Final = 600
"""A reading so shortly before a full hour is that of the hour. [s]"""

CALIBRATING: Final = frozenset(f"device:{letter}" for letter in ("C", "M", "0", "hd"))
"""Data flags of loggers: calibration, maintenance, calibration data of HJ/T 212—2005, a test at the station."""


@dataclass(frozen=True, eq=False)
class ToldHours:
    """What several subjects told in consecutive hours.

    Attributes
    ----------
    subjects, items : tuple of str
    starts : ndarray of int64, shape (hours,)
        [s since 1970-01-01 UTC]
    valid : ndarray of bool, shape (items, hours, subjects)
        A value is there that may be computed with.
    flagged : ndarray of bool, shape of `valid`
        A value is there that may not.
    calibrating : ndarray of bool, shape of `valid`
        It may not because its instrument was being calibrated or maintained.
    """

    subjects: tuple[str, ...]
    items: tuple[str, ...]
    starts: NDArray[np.int64]
    valid: NDArray[np.bool_]
    flagged: NDArray[np.bool_]
    calibrating: NDArray[np.bool_]

    @property
    def told(self) -> NDArray[np.bool_]:
        """Whether any value is there, shape (items, hours, subjects)."""
        return self.valid | self.flagged


def told_hours(
    observations: Observations, subjects: Sequence[str], items: Sequence[str], period: Period, span: Span, at: int
) -> ToldHours:
    """What `subjects` told in the hours of `span`, which begins and ends on a full hour.

    Parameters
    ----------
    observations : Observations
    subjects, items : sequence of str
    period : {"hour", "instant"}
        Of instants each hour has what any of them tells.
    span : Span
    at : int
        As it was after this message.
    """
    count, early = (span.end - span.start) // HOUR, early_of(period)
    asked = Span(span.start - early, span.end - early)
    if period == "instant":
        counts, there = _of_readings(observations, subjects, items, asked, count, at)
    else:
        grid = observations.read(subjects, items, period, *asked, at)
        there = ~np.isnan(grid.values)
        counts = there & valid(grid.flags)
    flagged = there & ~counts
    calibrating = np.zeros_like(flagged)
    for mark in observations.marks(subjects, period, *asked, at):
        if mark.by in CALIBRATING and mark.item in items:
            hour = (mark.start - asked.start) // HOUR
            calibrating[items.index(mark.item), hour, subjects.index(mark.subject)] = True
    starts = span.start + HOUR * np.arange(count, dtype=np.int64)
    return ToldHours(tuple(subjects), tuple(items), starts, counts, flagged, calibrating & flagged)


def early_of(period: Period) -> int:
    """How long before an hour what belongs to it may lie [s]; instants may come a little early.

    Examples
    --------
    >>> early_of("hour"), early_of("instant")
    (0, 600)
    """
    return EARLY if period == "instant" else 0


def _of_readings(
    observations: Observations, subjects: Sequence[str], items: Sequence[str], asked: Span, count: int, at: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether a valid value, and whether any value, lies in each hour; shape (items, hours, subjects)."""
    found = observations.readings(subjects, items, *asked, at)
    hour = (found.times.astype(np.int64) - asked.start) // HOUR
    there = ~np.isnan(found.values)
    counting = there & valid(found.flags)
    counts, told = (np.zeros((len(items), count, len(subjects)), np.bool_) for _ in range(2))
    for item in range(len(items)):
        counts[item, hour[counting[item]], found.subject[counting[item]]] = True
        told[item, hour[there[item]], found.subject[there[item]]] = True
    return counts, told
