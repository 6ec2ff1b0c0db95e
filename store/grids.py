"""From rows to arrays: a dense grid of periods, and the readings of instants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.periods import align
from qingchuan.store import flag_texts
from qingchuan.store.arrays import Grid, Readings
from qingchuan.store.observations import MISSING_FLAG, ONE_FIGURE, PERIOD_SECONDS, Marked, Origin, Period
from qingchuan.store.rows import Row, columns

_MANUAL = "manual"
NOT_TOLD = 0
"""Flag of an item that a row does not tell."""


class Told(NamedTuple):
    """Rows of observations as arrays, in any order.

    Attributes
    ----------
    origins : ndarray of str, shape (rows,)
    subject : ndarray of int64, shape (rows,)
        Index into the subjects that were asked for.
    starts : ndarray of int64, shape (rows,)
        [s since 1970-01-01 UTC]
    sequence : ndarray of int64, shape (rows,)
    values : ndarray of float64, shape (items, rows)
        NaN where an item is not told.
    flags : ndarray of uint8, shape of `values`
        QARTOD flags, `NOT_TOLD` where an item is not told.
    below : ndarray of bool, shape of `values`
        Whether a value is a detection limit, and less was found.
    """

    origins: NDArray[np.str_]
    subject: NDArray[np.int64]
    starts: NDArray[np.int64]
    sequence: NDArray[np.int64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    below: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str]) -> Self:
        """What `rows` tell of `items`."""
        found = list(rows)
        column = {subject: index for index, subject in enumerate(subjects)}
        return cls(
            np.array([row.origin for row in found], np.str_),
            np.fromiter((column[row.subject] for row in found), np.int64, len(found)),
            np.fromiter((row.start for row in found), np.int64, len(found)),
            np.fromiter((row.sequence for row in found), np.int64, len(found)),
            *columns(found, items),
            flag_texts.below([row.flags for row in found], items),
        )

    def take(self, chosen: NDArray[np.intp]) -> Self:
        """The rows `chosen`, in that order."""
        return type(self)(
            self.origins[chosen],
            self.subject[chosen],
            self.starts[chosen],
            self.sequence[chosen],
            self.values[:, chosen],
            self.flags[:, chosen],
            self.below[:, chosen],
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All rows of at least one part."""
        return cls(*(np.concatenate(columns, axis=-1) for columns in zip(*parts, strict=True)))

    def up_to(self, sequence: int) -> Self:
        """The rows that messages up to `sequence` said."""
        return (
            self if self.sequence.max(initial=0) <= sequence else self.take(np.flatnonzero(self.sequence <= sequence))
        )

    def winning_last(self, origins: Sequence[Origin] = ONE_FIGURE) -> Self:
        """The rows of origins that are one figure, the winning origin last."""
        chosen = [np.flatnonzero(self.origins == origin) for origin in origins]
        return self.take(np.concatenate(chosen))

    def manual(self) -> Self:
        """The rows of samples that were analysed in a laboratory."""
        return self.take(np.flatnonzero(self.origins == _MANUAL))


def fill_grid(
    rows: Iterable[Row],
    subjects: Sequence[str],
    items: Sequence[str],
    period: Period,
    start: int,
    end: int,
    origins: Sequence[Origin] = ONE_FIGURE,
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
    origins : sequence of str
        Those that are read, the winning one last.
    """
    return grid_of(Told.of(rows, subjects, items), subjects, items, period, start, end, origins)


def grid_of(
    told: Told,
    subjects: Sequence[str],
    items: Sequence[str],
    period: Period,
    start: int,
    end: int,
    origins: Sequence[Origin] = ONE_FIGURE,
) -> Grid:
    """The grid of what is told of the periods that start in ``[start, end)``; see `fill_grid`."""
    step = PERIOD_SECONDS[period]
    first = align(start, step)
    times = np.arange(first, max(first, end), step).astype("datetime64[s]")
    values, flags, sequence = _empty((len(items), len(times), len(subjects)))
    found = told.winning_last(origins)
    when = (found.starts - first) // step
    np.maximum.at(sequence, (when, found.subject), found.sequence)
    for item in range(len(items)):
        chosen = found.flags[item] != NOT_TOLD
        values[item, when[chosen], found.subject[chosen]] = found.values[item, chosen]
        flags[item, when[chosen], found.subject[chosen]] = found.flags[item, chosen]
    return Grid(tuple(subjects), tuple(items), times, values, flags, sequence)


def fill_readings(rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str]) -> Readings:
    """The readings in `rows`, ordered by subject and then by time; origins win item by item."""
    return readings_of(Told.of(rows, subjects, items), subjects, items)


def fill_samples(rows: Iterable[Row], subjects: Sequence[str], items: Sequence[str]) -> tuple[Readings, Readings]:
    """The readings in `rows` as `fill_readings` has them, and the manual ones that stand beside them."""
    return samples_of(Told.of(rows, subjects, items), subjects, items)


def readings_of(told: Told, subjects: Sequence[str], items: Sequence[str]) -> Readings:
    """The readings that are told; see `fill_readings`."""
    return _readings(told.winning_last(), subjects, items)


def samples_of(told: Told, subjects: Sequence[str], items: Sequence[str]) -> tuple[Readings, Readings]:
    """The readings that are told, and the manual ones; see `fill_samples`."""
    return readings_of(told, subjects, items), _readings(told.manual(), subjects, items)


def marked(rows: Iterable[Row]) -> list[Marked]:
    """The flags in `rows` that something set; of several origins the winning one last."""
    found = []
    ranks: dict[str, int] = {origin: rank for rank, origin in enumerate(ONE_FIGURE)}
    for row in sorted((row for row in rows if row.origin in ranks), key=lambda row: ranks[row.origin]):
        marks = flag_texts.decode(row.flags)[1]
        told = ((item, mark) for item, mark in marks.items() if mark.by and mark.by != flag_texts.WITHDRAWN)
        found += [Marked(row.start, row.subject, item, mark.flag, mark.by) for item, mark in told]
    return found


def _readings(found: Told, subjects: Sequence[str], items: Sequence[str]) -> Readings:
    """The readings in `found`, of which the later one wins."""
    order = np.lexsort((found.starts, found.subject))
    index, times = found.subject[order], found.starts[order]
    first = (np.diff(index, prepend=-1) != 0) | (np.diff(times, prepend=0) != 0)
    first[:1] = True
    place = np.empty_like(order)
    place[order] = np.cumsum(first) - 1
    values, flags, sequence = _empty((len(items), int(first.sum())))
    below = np.zeros(values.shape, np.bool_)
    np.maximum.at(sequence, place, found.sequence)
    for item in range(len(items)):
        chosen = found.flags[item] != NOT_TOLD
        values[item, place[chosen]] = found.values[item, chosen]
        flags[item, place[chosen]] = found.flags[item, chosen]
        below[item, place[chosen]] = found.below[item, chosen]
    index, times = index[first], times[first].astype("datetime64[s]")
    return Readings(tuple(subjects), tuple(items), index, times, values, flags, sequence, below)


def _empty(shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.int64]]:
    return np.full(shape, np.nan), np.full(shape, MISSING_FLAG, np.uint8), np.zeros(shape[1:], np.int64)
