"""Judging one observation after the other: what is late, repeated, corrected or flagged as it came.

It is slow and simple, and says what the quick way says of observations that come in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qingchuan.collector.quality.faults import fault_runs
from qingchuan.collector.quality.grades import FAULTS, INCOMING, NOT_TOLD, PASSED, UNJUDGED, Grades, graded, marked
from qingchuan.collector.quality.history import History, line_of
from qingchuan.collector.quality.judging_one import judged_in_time, spike_of
from qingchuan.collector.quality.merging import Told, news_of, texts_of, told_of
from qingchuan.collector.quality.pending import Pending
from qingchuan.collector.quality.rules import Rules
from qingchuan.store.faults import FaultRuns
from qingchuan.store.observations import Observation, Write
from qingchuan.store.rows import Texts, fill

_Touched = dict[int, set[int]]
"""By item, the starts of the observations whose value of it was judged."""


class OneByOne:
    """Judges the observations of one period one by one.

    Parameters
    ----------
    history : History
    pending : Pending
        Takes note of what it says.
    """

    def __init__(self, history: History, pending: Pending) -> None:
        self._history = history
        self._rules = history.rules
        self._pending = pending

    def judge(self, write: Write, bound: int, faults: list[FaultRuns]) -> list[Write]:
        """What a write comes to, itself last; what the faults of its items are is added to `faults`.

        Parameters
        ----------
        write : Write
            Of an observation that a station reported.
        bound : int
            Earlier ones are judged by themselves. [s since 1970-01-01 UTC]
        faults : list of FaultRuns
        """
        told, history = write.observation, self._history
        place = int(history.places([told.subject])[0])
        history.make_room(np.array([place]), 1, bound)
        at, there = history.find(place, told.start)
        if told.start < bound or at + (not there) < int(history.count[place]) + (not there) - history.most:
            stored = self._stored(told)
            return [self._said(write, self._by_itself(write, stored), known=stored is not None)]
        if not write.revises:
            return [self._fill(write, place, at, there)]
        stored = self._stored(told) if there else None
        news = news_of(told, stored)
        if stored is not None and not news:
            return [self._said(write, stored, known=True)]
        if not there:
            history.insert(place, at, told.start)
        return self._judged(write, place, at, stored, news, bound, faults)

    def _judged(
        self,
        write: Write,
        place: int,
        at: int,
        stored: Texts | None,
        news: Told,
        bound: int,
        faults: list[FaultRuns],
    ) -> list[Write]:
        items = told_of(stored) if stored else {}
        cells = _Cells(self._history, place, bound)
        before = cells.grades()
        items |= news
        touched = cells.judge(at, {item: (float(text), graded(mark)) for item, (text, mark) in news.items()})
        own = self._history.grades[place, at]
        for item, (text, mark) in items.items():
            column = cells.columns.get(item)
            if column is not None:
                items[item] = text, marked(int(own[column]), mark)
            elif item in news:
                items[item] = text, marked(max(PASSED, graded(mark)), mark)
        faults += self._faults(write, place, touched, before, bound)
        return [
            *self._rewritten(write, place, touched, before),
            self._said(write, texts_of(items), known=stored is not None),
        ]

    def _rewritten(self, write: Write, place: int, touched: _Touched, before: dict[int, Grades]) -> Iterator[Write]:
        """The observations around it of which a value has another flag now."""
        told = write.observation
        changed = sorted(
            (start, item)
            for item, starts in touched.items()
            for start in starts
            if start != told.start and self._grade(place, start)[item] != before[start][item]
        )
        for start in dict.fromkeys(start for start, _ in changed):
            items = told_of(self._find(told, start))
            for column in (column for time, column in changed if time == start):
                key = self._rules.items[column]
                text, mark = items[key]
                items[key] = text, marked(int(self._grade(place, start)[column]), mark)
            yield self._said(write, texts_of(items), start, known=True)

    def _faults(
        self, write: Write, place: int, touched: _Touched, before: dict[int, Grades], bound: int
    ) -> Iterator[FaultRuns]:
        told = write.observation
        for item, starts in sorted(touched.items()):
            line = line_of(self._history, place, item, bound)
            at = int(np.searchsorted(line.times, told.start))
            first = max(at - 2, 0)
            were = np.array([before[start][item] for start in starts if start in before], np.uint8)
            about = told.subject, told.period, self._rules.items[item]
            tests = FAULTS[line.grades[first:]]
            # Where no value before is looked back at, this one ends what was found long ago.
            if at == 0 or tests.any() or FAULTS[were].any():
                times = line.times[first:].tolist()
                yield FaultRuns(*about, write.sequence, times[0], fault_runs(tests.tolist(), times))

    def _fill(self, write: Write, place: int, at: int, there: bool) -> Write:  # noqa: FBT001 - found with `at`
        """What must not revise is judged by itself, and fills in what is not there yet."""
        told, history = write.observation, self._history
        judged = self._by_itself(write, None)
        texts = fill(self._find(told, told.start), judged) if there else judged
        if not there:
            history.insert(place, at, told.start)
        for column, item in enumerate(self._rules.items):
            found = told_of(texts).get(item)
            if found and history.grades[place, at, column] == NOT_TOLD:
                history.values[place, at, column], history.grades[place, at, column] = float(found[0]), graded(found[1])
        return self._said(write, texts, known=there)

    def _by_itself(self, write: Write, stored: Texts | None) -> Texts:
        """The texts of an observation with what is new in it judged by itself."""
        news = news_of(write.observation, stored)
        if stored is not None and (not news or not write.revises):
            return fill(stored, self._by_itself(write, None)) if news else stored
        items = (told_of(stored) if stored else {}) | judged_by_itself(self._rules, news)
        return texts_of(items)

    def _stored(self, told: Observation) -> Texts | None:
        key = told.start, told.subject, told.period
        return self._pending.find([key]).get(key)

    def _find(self, told: Observation, start: int) -> Texts:
        key = start, told.subject, told.period
        return self._pending.find([key])[key]

    def _grade(self, place: int, start: int) -> Grades:
        return np.asarray(self._history.grades[place, self._history.find(place, start)[0]])

    def _said(self, write: Write, texts: Texts, start: int | None = None, *, known: bool) -> Write:
        """A write of what an observation holds now, which is in the history already."""
        told = write.observation
        observation = Observation(
            told.subject, told.period, told.start if start is None else start, told.origin, texts.values, texts.flags
        )
        said = Write(write.sequence, observation, write.revises, write.message, known)
        self._pending.put([said])
        return said


class _Cells:
    """The values of a subject, while those of one observation and the ones around it are judged."""

    def __init__(self, history: History, place: int, bound: int) -> None:
        self._history, self._place, self._bound = history, place, bound
        self.columns = {item: column for column, item in enumerate(history.rules.items)}

    def grades(self) -> dict[int, Grades]:
        """The grades of all observations as they are, by start."""
        first, count = self._history.visible(self._place, self._bound), int(self._history.count[self._place])
        times = self._history.times[self._place, first:count].tolist()
        return dict(zip(times, self._history.grades[self._place, first:count].copy(), strict=True))

    def judge(self, at: int, news: dict[str, tuple[float, int]]) -> _Touched:
        """Judge what is new at a place, the values before and after it, and what belongs together with it."""
        place, rules = self._place, self._history.rules
        values, grades = self._history.values[place], self._history.grades[place]
        start = int(self._history.times[place, at])
        new = {self.columns[item]: told for item, told in news.items() if item in self.columns}
        appended = {column for column in new if grades[at, column] == NOT_TOLD}
        for column, (value, _) in new.items():
            values[at, column] = value
        others = {partner for column in new for partner in rules.partners(column) if grades[at, partner]} - set(new)
        own = {column: incoming for column, (_, incoming) in new.items()}
        own |= {column: _came_in(int(grades[at, column])) for column in others}
        base = rules.by_itself(values[at][np.newaxis])[0]
        for column, incoming in own.items():
            grades[at, column] = max(int(base[column]), incoming)
        touched: _Touched = {}
        for column, incoming in sorted(own.items()):
            around = self._around(column, start)
            touched[column] = {start}
            if column in new:
                touched[column] |= self._judge_before(column, start, only_spike=column in appended)
            self._judge(column, start, incoming)
            if column in new and around[1] is not None:
                self._judge(column, around[1], None)
                touched[column].add(around[1])
        return touched

    def _around(self, column: int, start: int) -> tuple[int | None, int | None]:
        """The starts of the values before and after one."""
        times = line_of(self._history, self._place, column, self._bound).times
        at = int(np.searchsorted(times, start))
        return (
            int(times[at - 1]) if at else None,
            int(times[at + 1]) if at + 1 < len(times) else None,
        )

    def _judge_before(self, column: int, start: int, *, only_spike: bool) -> set[int]:
        """Judge the value before one: where that is the newest, only whether it is a spike was still open."""
        before, after = self._around(column, start)
        if before is None:
            return set()
        if only_spike and after is None:
            line = line_of(self._history, self._place, column, self._bound)
            spike = spike_of(line, len(line.times) - 2, self._history, column)
            self._set(column, before, max(int(line.grades[-2]), spike if spike > PASSED else NOT_TOLD))
        else:
            self._judge(column, before, None)
        return {before}

    def _judge(self, column: int, start: int, incoming: int | None) -> None:
        """Judge a value by all tests; without an incoming grade, by the one that it still tells of."""
        line = line_of(self._history, self._place, column, self._bound)
        at = int(np.searchsorted(line.times, start))
        row = self._history.find(self._place, start)[0]
        base = int(self._history.rules.by_itself(self._history.values[self._place, row][np.newaxis])[0, column])
        if incoming is None:
            incoming = _came_in(int(line.grades[at]))
        in_time = judged_in_time(line, at, self._history, column), spike_of(line, at, self._history, column)
        self._set(column, start, max(base, incoming, *in_time))

    def _set(self, column: int, start: int, grade: int) -> None:
        self._history.grades[self._place, self._history.find(self._place, start)[0], column] = grade


def judged_by_itself(rules: Rules, told: Told) -> Told:
    """What an observation tells, judged by itself only."""
    values = np.array([[float(told[item][0]) if item in told else np.nan for item in rules.items]])
    grades = dict(zip(rules.items, rules.by_itself(values)[0].tolist(), strict=True))
    return {
        item: (text, marked(max(grades.get(item, PASSED), graded(mark)), mark)) for item, (text, mark) in told.items()
    }


def by_itself_texts(rules: Rules, told: Observation) -> Texts:
    """The texts of an observation that is judged by itself only."""
    return texts_of(judged_by_itself(rules, told_of(Texts(told.values, told.flags))))


def passed(write: Write) -> Write:
    """A write with the flags that came in, where they object, and otherwise none that does."""
    told = write.observation
    items = told_of(Texts(told.values, told.flags))
    good = {item: (text, marked(max(PASSED, graded(mark)), mark)) for item, (text, mark) in items.items()}
    observation = Observation(told.subject, told.period, told.start, told.origin, *texts_of(good))
    return Write(write.sequence, observation, write.revises, write.message)


def _came_in(grade: int) -> int:
    return grade if INCOMING[grade] else UNJUDGED
