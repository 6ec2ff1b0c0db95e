"""Judging observations that do not come in the order of time: what is late, repeated, corrected or flagged as it came.

Each is of another subject, so that none of them sees another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import force_setattr
from numpy.typing import NDArray

from qingchuan.collector.quality.alone import filled_in, out_of_sight
from qingchuan.collector.quality.cells import CellTests
from qingchuan.collector.quality.columns import Rows
from qingchuan.collector.quality.faults import fault_runs
from qingchuan.collector.quality.flagging import GOOD_ALL, flagged
from qingchuan.collector.quality.grades import FAULTS, NOT_TOLD, PASSED, UNJUDGED, Grades, graded, marked
from qingchuan.collector.quality.history import History
from qingchuan.collector.quality.merging import Told, news_among, texts_of, told_of
from qingchuan.collector.quality.pending import Pending
from qingchuan.collector.quality.retold import News, Retold, judge_news
from qingchuan.store.faults import FaultRuns
from qingchuan.store.observations import NOT_EVALUATED, Observation, Write
from qingchuan.store.rows import Texts


class _Telling(NamedTuple):
    """An observation that tells something new, and is judged in time.

    Attributes
    ----------
    place : int
        Of its write.
    known : dict or None
        What it held before; None where it was not there.
    news : dict
        What is new; nothing where all of it is, without flags.
    """

    place: int
    known: Told | None
    news: Told


class OutOfOrder:
    """Judges observations of one period.

    Parameters
    ----------
    history : History
    pending : Pending
        Takes note of what it says.
    """

    def __init__(self, history: History, pending: Pending) -> None:
        self._history = history
        self._items = history.rules.items
        self._pending = pending
        self._tests = CellTests(history)
        self._columns = {item: column for column, item in enumerate(self._items)}

    def judge(self, writes: Sequence[Write], rows: Rows, faults: list[FaultRuns]) -> list[list[Write]]:
        """What each of some writes comes to, itself last; what the faults of its items are is added to `faults`.

        Parameters
        ----------
        writes : sequence of Write
            Each of another subject.
        rows : Rows
            The same.
        faults : list of FaultRuns
        """
        history = self._history
        history.make_room(rows.places, 1, int(rows.bounds.min()))
        at = history.rows_before(rows.places, rows.starts)
        there = history.are_there(rows.places, at, rows.starts)
        in_sight = (rows.starts >= rows.bounds) & (at >= history.count[rows.places] - history.most)
        said: list[list[Write]] = []
        telling: list[_Telling] = []
        for index, (write, place, row, is_there, is_seen) in enumerate(
            zip(writes, rows.places.tolist(), at.tolist(), there.tolist(), in_sight.tolist(), strict=True)
        ):
            found: Write | _Telling
            if is_seen and write.revises:
                found = self._telling(index, write, place, is_there=is_there)
            else:
                found = self._alone(write, place, row, is_there=is_there, is_seen=is_seen)
            if isinstance(found, Write):
                said.append([found])
                continue
            if not is_there:
                history.insert(place, row, write.observation.start)
            said.append([])
            telling.append(found)
        if telling:
            here = np.array([one.place for one in telling])
            for one, those in zip(telling, self._tell(writes, telling, rows.take(here), at[here], faults), strict=True):
                said[one.place] = those
        return said

    def _telling(self, index: int, write: Write, place: int, *, is_there: bool) -> Write | _Telling:
        """What an observation that is in sight tells that is new; the write, if nothing is."""
        told = write.observation
        stored = self._pending.find(told.subject, place, told.start) if is_there else None
        if stored is None and told.flags == NOT_EVALUATED:
            return _Telling(index, None, {})
        known = told_of(stored) if stored else {}
        news = news_among(told_of(Texts(told.values, told.flags)), known)
        if stored and not news:
            return self._said(write, place, stored, known=True)
        return _Telling(index, known if stored else None, news)

    def _alone(self, write: Write, place: int, row: int, *, is_there: bool, is_seen: bool) -> Write:
        """A write of what is out of sight, or must not revise."""
        told = write.observation
        if not is_seen:
            stored = self._pending.find(told.subject, place, told.start)
            return self._said(write, place, out_of_sight(self._history.rules, write, stored), known=stored is not None)
        stored = self._pending.find(told.subject, place, told.start) if is_there else None
        return self._said(write, place, filled_in(self._history, write, place, row, stored), known=is_there)

    def _tell(
        self,
        writes: Sequence[Write],
        telling: Sequence[_Telling],
        rows: Rows,
        at: NDArray[np.int64],
        faults: list[FaultRuns],
    ) -> Iterator[list[Write]]:
        """Judge what is new, and say what it comes to, observation by observation."""
        first = self._history.first_visible(rows.places, rows.bounds)
        news = News(rows.places, at, first, rows.values, self._incoming(telling, rows.values))
        retold = judge_news(self._history, self._tests, news)
        grades = self._history.grades[news.places, news.rows]
        is_good = ((grades == PASSED) | (grades == NOT_TOLD)).all(axis=1).tolist()
        judged = np.zeros(grades.shape, np.bool_)
        judged[retold.tellers, retold.own.items] = True
        faulty, changed = retold.may_tell_of_faults(self._history, len(telling)), retold.changed(self._history)
        for number, one in enumerate(telling):
            write, place = writes[one.place], int(news.places[number])
            if faulty[number]:
                faults += self._faults(write, retold, number)
            said = [self._rewritten(write, place, *those) for those in changed.get(number, {}).items()]
            if one.known is None and not one.news:
                said.append(self._judged(write, grades[number], is_good=is_good[number]))
                self._put(place, said[-1])
            else:
                texts = self._texts(one, grades[number], judged[number])
                said.append(self._said(write, place, texts, known=one.known is not None))
            yield said

    def _incoming(self, telling: Sequence[_Telling], values: NDArray[np.float64]) -> Grades:
        """The grades that news came in with; 0 of what is none."""
        found = np.where(np.isnan(values), np.uint8(NOT_TOLD), np.uint8(UNJUDGED))
        for row, one in enumerate(telling):
            if one.known is None and not one.news:
                continue
            found[row] = NOT_TOLD
            for item, (_, mark) in one.news.items():
                if item in self._columns:
                    found[row, self._columns[item]] = graded(mark)
        return found

    def _judged(self, write: Write, grades: Grades, *, is_good: bool) -> Write:
        if not is_good:
            return flagged(write, self._items, grades)
        force_setattr(write.observation, "flags", GOOD_ALL)  # nobody has seen it yet
        return write

    def _texts(self, one: _Telling, grades: Grades, judged: NDArray[np.bool_]) -> Texts:
        """What an observation holds with what is new, and with the grades of the items that were judged."""
        items = (one.known or {}) | one.news
        for column in np.flatnonzero(judged).tolist():
            text, mark = items[self._items[column]]
            items[self._items[column]] = text, marked(int(grades[column]), mark)
        for item, (text, mark) in one.news.items():
            if item not in self._columns:
                items[item] = text, marked(max(PASSED, graded(mark)), mark)
        return texts_of(items)

    def _rewritten(self, write: Write, place: int, start: int, changed: dict[int, int]) -> Write:
        """An observation of which some values have other grades now."""
        told = write.observation
        items = told_of(self._pending.get(told.subject, place, start))
        for column, grade in changed.items():
            text, mark = items[self._items[column]]
            items[self._items[column]] = text, marked(grade, mark)
        return self._said(write, place, texts_of(items), start, known=True)

    def _faults(self, write: Write, retold: Retold, number: int) -> Iterator[FaultRuns]:
        told = write.observation
        for cell in np.flatnonzero(retold.tellers == number).tolist():
            line, at = self._tests.line(retold.own, cell)
            first = max(at - 2, 0)
            tests = FAULTS[line.grades[first:]]
            # Where no value before is looked back at, this one ends what was found long ago.
            if at == 0 or tests.any() or FAULTS[retold.were[:, cell]].any():
                times = line.times[first:].tolist()
                about = told.subject, told.period, self._items[int(retold.own.items[cell])]
                yield FaultRuns(*about, write.sequence, times[0], fault_runs(tests.tolist(), times))

    def _said(self, write: Write, place: int, texts: Texts, start: int | None = None, *, known: bool) -> Write:
        """A write of what an observation holds now, which is in the history already."""
        told = write.observation
        observation = Observation(
            told.subject, told.period, told.start if start is None else start, told.origin, texts.values, texts.flags
        )
        said = Write(write.sequence, observation, write.revises, write.message, known)
        self._put(place, said)
        return said

    def _put(self, place: int, said: Write) -> None:
        told = said.observation
        self._pending.put(place, told.start, Texts(told.values, told.flags))
