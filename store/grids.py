"""From rows to arrays: a dense grid of periods, and the readings of instants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.periods import align
from qingchuan.store import flag_texts
from qingchuan.store.observations import MISSING_FLAG, PERIOD_SECONDS, Grid, Marked, Period, Readings
from qingchuan.store.rows import Row, columns

_RANK = {"derived": 0, "reported": 1, "audited": 2}
"""Origins that are one figure, the later one winning; manual and official ones stand beside it."""

_MANUAL = "manual"
_NOT_TOLD = 0


def fill_grid(
    rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int
) -> Grid:
    """The grid of the periods that start in ``[start, end)``; origins win item by item.

    Parameters
    ----------
    rows : iterable of Row
        In any order.
    subjects, items : sequence of str
        Each once.
    period : {"hour", "day"}
    start, end : int
        [s since 1970-01-01 UTC]
    """
    step = PERIOD_SECONDS[period]
    first = align(start, step)
    times = np.arange(first, max(first, end), step).astype("datetime64[s]")
    shape = (len(items), len(times), len(subjects))
    values, flags, sequence = _empty(shape)
    found = _winning_last(rows)
    column = {subject: index for index, subject in enumerate(subjects)}
    place = np.fromiter((column[row.subject] for row in found), np.int64, len(found))
    when = (np.fromiter((row.start for row in found), np.int64, len(found)) - first) // step
    np.maximum.at(sequence, (when, place), np.fromiter((row.sequence for row in found), np.int64, len(found)))
    told, told_flags = columns(found, items)
    for item in range(len(items)):
        chosen = told_flags[item] != _NOT_TOLD
        values[item, when[chosen], place[chosen]] = told[item, chosen]
        flags[item, when[chosen], place[chosen]] = told_flags[item, chosen]
    return Grid(tuple(subjects), tuple(items), times, values, flags, sequence)


def fill_readings(rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str]) -> Readings:
    """The readings in `rows`, ordered by subject and then by time; origins win item by item."""
    return _readings(_winning_last(rows), subjects, items)


def fill_samples(rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str]) -> tuple[Readings, Readings]:
    """The readings in `rows` as `fill_readings` has them, and the manual ones that stand beside them."""
    given = list(rows)
    beside = [row for row in given if row.origin == _MANUAL]
    return fill_readings(given, subjects, items), _readings(beside, subjects, items)


def marked(rows: Iterable[Row]) -> list[Marked]:
    """The flags in `rows` that something set; of several origins the winning one last."""
    found = []
    for row in _winning_last(rows):
        marks = flag_texts.decode(row.flags)[1]
        found += [Marked(row.start, row.subject, item, mark.flag, mark.by) for item, mark in marks.items() if mark.by]
    return found


def _readings(found: list[Row], subjects: Sequence[str], items: Sequence[str]) -> Readings:
    """The readings in `found`, of which the later one wins."""
    column = {subject: index for index, subject in enumerate(subjects)}
    index = np.fromiter((column[row.subject] for row in found), np.int64, len(found))
    times = np.fromiter((row.start for row in found), np.int64, len(found))
    numbered = np.fromiter((row.sequence for row in found), np.int64, len(found))
    order = np.lexsort((times, index))
    first = (np.diff(index[order], prepend=-1) != 0) | (np.diff(times[order], prepend=0) != 0)
    first[:1] = True
    place = np.empty_like(order)
    place[order] = np.cumsum(first) - 1
    told, told_flags = columns(found, items)
    values, flags, sequence = _empty((len(items), int(first.sum())))
    np.maximum.at(sequence, place, numbered)
    for item in range(len(items)):
        chosen = told_flags[item] != _NOT_TOLD
        values[item, place[chosen]] = told[item, chosen]
        flags[item, place[chosen]] = told_flags[item, chosen]
    index, times = index[order][first], times[order][first].astype("datetime64[s]")
    return Readings(tuple(subjects), tuple(items), index, times, values, flags, sequence)


def _empty(shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.int64]]:
    return np.full(shape, np.nan), np.full(shape, MISSING_FLAG, np.uint8), np.zeros(shape[1:], np.int64)


def _winning_last(rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if row.origin in _RANK), key=lambda row: _RANK[row.origin])
