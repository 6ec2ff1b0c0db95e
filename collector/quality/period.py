"""Judging the observations of one period: what comes in the order of time, and in rounds with it what does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final

import numpy as np
from msgspec.structs import force_setattr
from numpy.typing import NDArray

from qingchuan.collector.quality.alone import passed
from qingchuan.collector.quality.columns import Rows
from qingchuan.collector.quality.faults import fault_runs
from qingchuan.collector.quality.flagging import GOOD_ALL, flagged
from qingchuan.collector.quality.grades import PASSED, marked
from qingchuan.collector.quality.history import AHEAD, History
from qingchuan.collector.quality.in_order import Found, InOrder
from qingchuan.collector.quality.merging import texts_of, told_of
from qingchuan.collector.quality.numbers import numbers, numbers_of
from qingchuan.collector.quality.out_of_order import OutOfOrder
from qingchuan.collector.quality.pending import InStep, Pending
from qingchuan.collector.quality.tails import Tails
from qingchuan.store.faults import FaultRuns
from qingchuan.store.observations import NOT_EVALUATED, Observation, Write

_OBSERVATION, _SUBJECT, _START, _VALUES, _FLAGS, _REVISES = map(
    attrgetter, ("observation", "subject", "start", "values", "flags", "revises")
)

_APART: Final = 1 << 40
"""Farther than this no two starts are from one another. [s]"""

Others = list[tuple[int, Write]]
"""Writes that others made necessary, and where those stand."""


class PeriodQuality:
    """Judges the observations of one period that stations report.

    Parameters
    ----------
    history : History
    pending : Pending
    exempt : collection of str
        Subjects whose values are taken as they come.
    """

    def __init__(self, history: History, pending: Pending, exempt: Collection[str]) -> None:
        self._history = history
        self._pending = pending
        self._exempt = exempt
        self._tails = Tails(history)
        self._in_order = InOrder(history, self._tails)
        self._out_of_order = OutOfOrder(history, pending)

    def judge(self, writes: list[Write], values: Sequence[Any], faults: list[FaultRuns]) -> Others:
        """Give writes their flags; what follows for faults is added to `faults`.

        Parameters
        ----------
        writes : list of Write
            They are replaced in it by what they come to.
        values : sequence
            Their values as they were decoded; empty where they are not at hand.
        faults : list of FaultRuns
        """
        try:
            return self._in_parts(writes, values, faults)
        finally:
            self._pending.clear()  # all of it is in the store before this is called again

    def _in_parts(self, writes: list[Write], values: Sequence[Any], faults: list[FaultRuns]) -> Others:
        """Judge all writes at once; fewer, if a subject tells more than its history has room for."""
        places = self._history.places([write.observation.subject for write in writes])
        if np.bincount(places).max() <= AHEAD:
            return self._judge(writes, values, places, faults)
        others: Others = []
        for first in range(0, len(writes), AHEAD):
            part = slice(first, first + AHEAD)
            some = writes[part]
            found = self._judge(some, values[part], places[part], faults)
            others += [(first + place, write) for place, write in found]
            writes[part] = some
        return others

    def _judge(
        self, writes: list[Write], values: Sequence[Any], places: NDArray[np.int64], faults: list[FaultRuns]
    ) -> Others:
        told = [write.observation for write in writes]
        starts = np.fromiter(map(_START, told), np.int64, len(told))
        newest = np.maximum.accumulate(np.maximum(starts, self._history.newest))
        self._history.newest = int(newest[-1])
        bounds = self._history.bound(newest)
        order = np.argsort(places, kind="stable")
        if self._exempt:
            order = self._without_exempt(writes, told, order)
        if not order.size:
            return []
        items = self._history.rules.items
        all_numbers = numbers_of(values, items) if values else numbers(list(map(_VALUES, told)), items)
        rows = Rows(places, starts, bounds, all_numbers).take(order)
        # What was decoded with its values came without flags, and may revise.
        usual = np.ones(len(order), np.bool_) if values else _are_usual(writes, told)[order]
        regular = self._are_in_order(rows, usual)
        self._pending.brings(InStep(rows.places[regular], rows.starts[regular], order[regular], writes))
        if regular.all():
            return self._say(writes, order, rows.places, self._in_order.judge(rows), faults)
        return self._in_rounds(writes, order, rows, regular, faults)

    def _in_rounds(
        self,
        writes: list[Write],
        order: NDArray[np.int64],
        rows: Rows,
        regular: NDArray[np.bool_],
        faults: list[FaultRuns],
    ) -> Others:
        """Judge of each subject what comes in order up to what does not, and that; then what comes after it."""
        others: Others = []
        self._look_up(writes, order[~regular], rows.take(np.flatnonzero(~regular)))
        rounds = _rounds(rows.places, regular)
        for number in range(int(rounds.max()) + 1):
            chosen = np.flatnonzero((rounds == number) & regular)
            if chosen.size:
                some = rows.take(chosen)
                others += self._say(writes, order[chosen], some.places, self._in_order.judge(some), faults)
            chosen = np.flatnonzero((rounds == number) & ~regular)
            if chosen.size:
                here = order[chosen].tolist()
                those = [writes[place] for place in here]
                for place, said in zip(here, self._out_of_order.judge(those, rows.take(chosen), faults), strict=True):
                    *changed, writes[place] = said
                    others += [(place, write) for write in changed]
                self._tails.spoil(rows.places[chosen])
        return others

    def _look_up(self, writes: Sequence[Write], here: NDArray[np.int64], rows: Rows) -> None:
        """Read at once what is stored of observations that are told once more, or are too old to know."""
        at = self._history.rows_before(rows.places, rows.starts)
        wanted = self._history.are_there(rows.places, at, rows.starts) | (rows.starts < rows.bounds)
        chosen = here[wanted].tolist(), rows.places[wanted].tolist(), rows.starts[wanted].tolist()
        self._pending.look_up(
            [(writes[row].observation.subject, place, start) for row, place, start in zip(*chosen, strict=True)]
        )

    def _without_exempt(
        self, writes: list[Write], told: Sequence[Observation], order: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The places of those writes that are judged; the others pass."""
        passes = np.array([one.subject in self._exempt for one in told])
        for place in np.flatnonzero(passes).tolist():
            writes[place] = passed(writes[place])
        return np.asarray(order[~passes[order]])

    def _are_in_order(self, rows: Rows, usual: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which rows, sorted by subject, are newer than all before them of their subject, and without anything odd."""
        history = self._history
        heads = np.flatnonzero(np.diff(rows.places, prepend=-1))
        subjects, sizes = rows.places[heads], np.diff(heads, append=len(rows.places))
        history.let_go(subjects, int(rows.bounds.min()))
        count = history.count[subjects]
        last = np.where(count > 0, history.times[subjects, np.maximum(count - 1, 0)], -1)
        newest = _newest_before(rows.starts, heads, sizes, last)
        fits = usual & (rows.starts > newest) & (rows.starts >= rows.bounds)
        return np.asarray(fits & np.repeat(count + sizes <= history.most, sizes))

    def _say(
        self,
        given: list[Write],
        chosen: NDArray[np.int64],
        places: NDArray[np.int64],
        found: Found,
        faults: list[FaultRuns],
    ) -> list[tuple[int, Write]]:
        """Put into words what was found of the chosen ones of `given`; others that they change, with their places."""
        rows = chosen.tolist()
        ours = given if len(rows) == len(given) else [given[place] for place in rows]
        for write in ours:
            # Nobody has seen it yet, and making a new one of each would cost more than all else here.
            force_setattr(write.observation, "flags", GOOD_ALL)
        for row in np.flatnonzero((found.grades > PASSED).any(axis=0)).tolist():
            given[rows[row]] = flagged(given[rows[row]], self._history.rules.items, found.grades[:, row])
        judged = [given[place] for place in rows] if found.spikes or found.chains or ours is not given else given
        others = [(rows[row], write) for row, write in self._rewritten(judged, places, found)]
        for chain in found.chains:
            write, runs = judged[chain.row], fault_runs(chain.tests, chain.times)
            about = write.observation.subject, self._history.rules.period, self._history.rules.items[chain.item]
            faults.append(FaultRuns(*about, write.sequence, chain.times[0], runs))
        return others

    def _rewritten(self, judged: list[Write], places: NDArray[np.int64], found: Found) -> Iterator[tuple[int, Write]]:
        """The observations of which a later one showed that a value is a spike, with the row of that one."""
        spikes: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for spike in sorted(found.spikes):
            spikes.setdefault((spike.row, spike.start), []).append((spike.item, spike.grade))
        for (row, start), those in spikes.items():
            write, place = judged[row], int(places[row])
            told = write.observation
            items = told_of(self._pending.get(told.subject, place, start))
            for item, grade in those:
                key = self._history.rules.items[item]
                items[key] = items[key][0], marked(grade, items[key][1])
            texts = texts_of(items)
            self._pending.put(place, start, texts)
            observation = Observation(told.subject, told.period, start, told.origin, *texts)
            yield row, Write(write.sequence, observation, message=write.message, known=True)


def _are_usual(writes: Sequence[Write], told: Sequence[Observation]) -> NDArray[np.bool_]:
    """Which writes may revise and come without flags."""
    revises, flags = list(map(_REVISES, writes)), list(map(_FLAGS, told))
    if revises.count(True) == len(told) == flags.count(NOT_EVALUATED):
        return np.ones(len(told), np.bool_)
    return np.array([write.revises and write.observation.flags == NOT_EVALUATED for write in writes], np.bool_)


def _newest_before(
    starts: NDArray[np.int64], heads: NDArray[np.int64], sizes: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The newest start before each row: of the rows before it of the same subject, and of what was there (`last`)."""
    apart = np.repeat(np.arange(len(heads)) * _APART, sizes)
    before = np.empty_like(starts)
    before[1:] = starts[:-1]
    before[heads] = last
    return np.maximum.accumulate(before + apart) - apart


def _rounds(places: NDArray[np.int64], regular: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many irregular rows of the same subject are before each row."""
    before: NDArray[np.int64] = np.cumsum(~regular) - ~regular
    heads = np.flatnonzero(np.diff(places, prepend=-1))
    return before - np.repeat(before[heads], np.diff(heads, append=len(places)))
