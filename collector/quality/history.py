"""What the tests in time look back at: the last days of all subjects, in memory, as they lie in the store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.grades import HIDDEN, NOT_TOLD, Grades, graded
from qingchuan.collector.quality.numbers import numbers
from qingchuan.collector.quality.rules import Rules
from qingchuan.processing.periods import DAY
from qingchuan.store import flag_texts
from qingchuan.store.rows import Row

_FIRST_ROOM = 256
_PER_DAY = 288
"""Of more observations a day than one every five minutes only the newest are looked back at."""

AHEAD: Final = 512
"""So many new observations of a subject fit behind those that are looked back at."""

_NEVER = -(1 << 60)


class Line(NamedTuple):
    """The values of an item, where it is told, as the tests in time see them.

    Attributes
    ----------
    times : ndarray of int64, shape (values,)
        [s since 1970-01-01 UTC]
    seen : ndarray of float64, shape (values,)
        [unit of the item] NaN where a value is bad by itself.
    grades : ndarray of uint8, shape (values,)
    """

    times: NDArray[np.int64]
    seen: NDArray[np.float64]
    grades: Grades


class History:
    """The last observations of one period that stations reported, of all subjects, in order of event time.

    It is what the store holds, no more and no less, so that a new start changes nothing.

    Parameters
    ----------
    rules : Rules
    rows : sequence of Row
        What the store holds of the last days.
    exempt : collection of str
        Subjects that are not looked back at; they count as others do for which days are the last ones.

    Attributes
    ----------
    rules : Rules
    newest : int
        Newest start of all subjects. [s since 1970-01-01 UTC]
    most : int
        Of a subject at most so many observations are looked back at.
    times : ndarray of int64, shape (subjects, room)
        [s since 1970-01-01 UTC]
    values : ndarray of float64, shape (subjects, room, items)
        [unit of the item] NaN where an item is not told.
    grades : ndarray of uint8, shape of `values`
        As they are stored now.
    count : ndarray of int64, shape (subjects,)
        How many observations there are of each.
    """

    def __init__(self, rules: Rules, rows: Sequence[Row], exempt: Collection[str] = ()) -> None:
        self.rules = rules
        self.newest = max((row.start for row in rows), default=_NEVER)
        self.most = _PER_DAY * (rules.days + 1)
        self._places: dict[str, int] = {}
        self._make(16, _FIRST_ROOM)
        own = [row for row in rows if row.subject not in exempt]
        if own:
            self._load(own)

    def bound(self, newest: NDArray[np.int64]) -> NDArray[np.int64]:
        """From which start on observations are looked back at, when these are the newest [s since 1970-01-01 UTC]."""
        return (newest // DAY - self.rules.days) * DAY

    def places(self, subjects: Sequence[str]) -> NDArray[np.int64]:
        """Where subjects stand on the first axis; those that are new get a place."""
        known = self._places
        try:
            return np.fromiter(map(known.__getitem__, subjects), np.int64, len(subjects))
        except KeyError:
            for subject in subjects:
                known.setdefault(subject, len(known))
        if len(known) > len(self.count):
            self._grow(subjects=2 * len(known))
        return self.places(subjects)

    def visible(self, place: int, bound: int) -> int:
        """The first observation of a subject that is looked back at."""
        count = int(self.count[place])
        return max(int(np.searchsorted(self.times[place, :count], bound)), count - self.most)

    def find(self, place: int, start: int) -> tuple[int, bool]:
        """Where the observation of a start stands or would stand, and whether it is there."""
        count = int(self.count[place])
        at = int(np.searchsorted(self.times[place, :count], start))
        return at, at < count and int(self.times[place, at]) == start

    def rows_before(self, places: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many observations of each of some subjects are earlier than a start."""
        most = int(self.count[places].max(initial=0))
        earlier = self.times[places, :most] < starts[:, np.newaxis]
        return np.asarray((earlier & (np.arange(most) < self.count[places][:, np.newaxis])).sum(axis=1))

    def first_visible(self, places: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first observation of each of some subjects that is looked back at."""
        return np.maximum(self.rows_before(places, bounds), self.count[places] - self.most)

    def are_there(
        self, places: NDArray[np.int64], rows: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether observations are those of some starts."""
        known = np.minimum(rows, self.times.shape[1] - 1)
        return np.asarray((rows < self.count[places]) & (self.times[places, known] == starts))

    def insert(self, place: int, at: int, start: int) -> None:
        """Make room for an observation that is not there yet."""
        count = int(self.count[place])
        for array in (self.times, self.values, self.grades):
            array[place, at + 1 : count + 1] = array[place, at:count]
        self.times[place, at], self.values[place, at], self.grades[place, at] = start, np.nan, NOT_TOLD
        self.count[place] += 1

    def make_room(self, places: NDArray[np.int64], more: int, bound: int) -> None:
        """See to it that `more` observations of each of some subjects fit in, letting go of what is out of sight."""
        room = self.times.shape[1]
        self._let_go(places[self.count[places] + more > room], bound)
        needed = int(self.count[places].max(initial=0)) + more
        if needed > room:
            self._grow(room=max(needed, 2 * room))

    def let_go(self, places: NDArray[np.int64], bound: int) -> None:
        """Let go of what is out of sight, of those of some subjects that have very much."""
        self._let_go(places[self.count[places] + AHEAD > self.most], bound)

    def _let_go(self, places: NDArray[np.int64], bound: int) -> None:
        for place in places.tolist():
            first, count = self.visible(place, bound), int(self.count[place])
            for array in (self.times, self.values, self.grades):
                array[place, : count - first] = array[place, first:count].copy()
            self.count[place] = count - first

    def line(self, place: int, item: int, first: int = 0) -> Line:
        """The values of an item of a subject, from one of its observations on."""
        count = int(self.count[place])
        grades = self.grades[place, first:count, item]
        told = np.flatnonzero(grades)
        seen = np.where(HIDDEN[grades[told]], np.nan, self.values[place, first:count, item][told])
        return Line(self.times[place, first:count][told], seen, grades[told])

    def _load(self, rows: Sequence[Row]) -> None:
        places = self.places([row.subject for row in rows])
        starts = np.fromiter((row.start for row in rows), np.int64, len(rows))
        order = np.lexsort((starts, places))
        first = np.searchsorted(places[order], places[order])
        rank = np.arange(len(rows)) - first
        self._grow(room=max(_FIRST_ROOM, int(rank.max()) + 1))
        values = numbers([row.values for row in rows], self.rules.items)
        at = places[order], rank
        self.times[at], self.values[at] = starts[order], values[order]
        self.grades[at] = _grades(rows, values, self.rules.items)[order]
        self.count[: len(self._places)] = np.bincount(places, minlength=len(self._places))

    def _make(self, subjects: int, room: int) -> None:
        items = len(self.rules.items)
        self.times = np.full((subjects, room), _NEVER, np.int64)
        self.values = np.full((subjects, room, items), np.nan)
        self.grades = np.zeros((subjects, room, items), np.uint8)
        self.count = np.zeros(subjects, np.int64)

    def _grow(self, subjects: int = 0, room: int = 0) -> None:
        times, values, grades, count = self.times, self.values, self.grades, self.count
        had = times.shape
        self._make(max(had[0], subjects), max(had[1], room))
        self.times[: had[0], : had[1]] = times
        self.values[: had[0], : had[1]] = values
        self.grades[: had[0], : had[1]] = grades
        self.count[: had[0]] = count


def _grades(rows: Sequence[Row], values: NDArray[np.float64], items: Sequence[str]) -> Grades:
    """The grades of stored rows; 0 where an item is not told."""
    usual = np.fromiter((graded(flag_texts.Mark(flag_texts.decode(row.flags)[0])) for row in rows), np.uint8, len(rows))
    found = np.where(np.isnan(values), np.uint8(NOT_TOLD), usual[:, np.newaxis])
    for place, row in enumerate(rows):
        if len(row.flags) > 1:
            for item, mark in flag_texts.decode(row.flags)[1].items():
                if item in items:
                    found[place, items.index(item)] = graded(mark)
    return found


def line_of(history: History, place: int, item: int, bound: int) -> Line:
    """The values of an item of a subject that are looked back at."""
    return history.line(place, item, history.visible(place, bound))
