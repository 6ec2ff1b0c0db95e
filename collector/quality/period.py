"""Judging the observations of one period: quickly what comes in the order of time, one by one what does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import msgspec
import numpy as np
from msgspec.structs import force_setattr
from numpy.typing import NDArray

from qingchuan.collector.quality.columns import Rows
from qingchuan.collector.quality.faults import fault_runs
from qingchuan.collector.quality.grades import NOT_TOLD, PASSED, Grades, marked
from qingchuan.collector.quality.history import AHEAD, History
from qingchuan.collector.quality.in_order import Found, InOrder
from qingchuan.collector.quality.merging import texts_of, told_of
from qingchuan.collector.quality.numbers import numbers, numbers_of
from qingchuan.collector.quality.one_by_one import OneByOne, passed
from qingchuan.collector.quality.pending import Pending
from qingchuan.collector.quality.tails import Tails
from qingchuan.store import flag_texts
from qingchuan.store.faults import FaultRuns
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import NOT_EVALUATED, Observation, Write
from qingchuan.store.rows import Key, Texts

_GOOD: Final = "1"
"""The flags of an observation in which nothing was found."""

_NOTHING: Final = Mark(2)

_OBSERVATION, _SUBJECT, _START, _VALUES, _FLAGS, _REVISES = map(
    attrgetter, ("observation", "subject", "start", "values", "flags", "revises")
)

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
        self._one_by_one = OneByOne(history, pending)

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
        quick = self._are_in_order(places[order], starts[order], bounds[order], _are_usual(writes, told)[order])
        others: Others = []
        chosen = order[quick]
        if chosen.size:
            items = self._history.rules.items
            all_numbers = numbers_of(values, items) if values else numbers(list(map(_VALUES, told)), items)
            rows = Rows(places[chosen], starts[chosen], bounds[chosen], all_numbers[chosen])
            others += self._say(writes, chosen, self._in_order.judge(rows), faults)
        for place in np.sort(order[~quick]).tolist():
            *changed, writes[place] = self._one_by_one.judge(writes[place], int(bounds[place]), faults)
            others += [(place, write) for write in changed]
        for subject in set(places[order[~quick]].tolist()):
            self._tails.refresh(subject)
        return others

    def _without_exempt(
        self, writes: list[Write], told: Sequence[Observation], order: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The places of those writes that are judged; the others pass."""
        passes = np.array([one.subject in self._exempt for one in told])
        for place in np.flatnonzero(passes).tolist():
            writes[place] = passed(writes[place])
        return np.asarray(order[~passes[order]])

    def _are_in_order(
        self, places: NDArray[np.int64], starts: NDArray[np.int64], bounds: NDArray[np.int64], usual: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Which rows, sorted by subject, are of subjects that tell one new observation after the other."""
        history = self._history
        begins = np.ones(len(places), np.bool_)
        begins[1:] = places[1:] != places[:-1]
        heads = np.flatnonzero(begins)
        if not heads.size:
            return begins
        subjects, sizes = places[heads], np.diff(heads, append=len(places))
        history.let_go(subjects, int(bounds.min()))
        last = history.times[subjects, np.maximum(history.count[subjects] - 1, 0)]
        before = np.empty_like(starts)
        before[1:] = starts[:-1]
        before[heads] = np.where(history.count[subjects] > 0, last, -1)
        fits = usual & (starts > before) & (starts >= bounds)
        good = np.logical_and.reduceat(fits, heads) & (history.count[subjects] + sizes <= history.most)
        return np.repeat(good, sizes)

    def _say(
        self, given: list[Write], chosen: NDArray[np.int64], found: Found, faults: list[FaultRuns]
    ) -> list[tuple[int, Write]]:
        """Put into words what was found of the chosen ones of `given`; others that they change, with their places."""
        rows = chosen.tolist()
        ours = given if len(rows) == len(given) else [given[place] for place in rows]
        for write in ours:
            # Nobody has seen it yet, and making a new one of each would cost more than all else here.
            force_setattr(write.observation, "flags", _GOOD)
        for row in np.flatnonzero(((found.grades != PASSED) & (found.grades != NOT_TOLD)).any(axis=1)).tolist():
            given[rows[row]] = self._flagged(given[rows[row]], found.grades[row])
        judged = [given[place] for place in rows] if found.spikes or found.chains or ours is not given else given
        others = [(rows[row], write) for row, write in self._rewritten(judged, found)]
        self._pending.put(judged)
        self._pending.put([write for _, write in others])
        for chain in found.chains:
            write, runs = judged[chain.row], fault_runs(chain.tests, chain.times)
            about = write.observation.subject, self._history.rules.period, self._history.rules.items[chain.item]
            faults.append(FaultRuns(*about, write.sequence, chain.times[0], runs))
        return others

    def _flagged(self, write: Write, grades: Grades) -> Write:
        told = write.observation
        flags = _flags_of(tuple(_decoder.decode(told.values)), self._history.rules.items, grades.tobytes())
        observation = Observation(told.subject, told.period, told.start, told.origin, told.values, flags)
        return Write(write.sequence, observation, write.revises, write.message)

    def _rewritten(self, judged: list[Write], found: Found) -> Iterator[tuple[int, Write]]:
        """The observations of which a later one showed that a value is a spike, with the row of that one."""
        texts: dict[Key, Texts] = {}
        spikes: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for spike in sorted(found.spikes):
            spikes.setdefault((spike.row, spike.start), []).append((spike.item, spike.grade, spike.before))
        for (row, start), those in spikes.items():
            write, before = judged[row], those[0][2]
            told = write.observation
            earlier = start, told.subject, told.period
            items = told_of(texts.get(earlier) or self._texts(judged, before, earlier))
            for item, grade, _ in those:
                key = self._history.rules.items[item]
                items[key] = items[key][0], marked(grade, items[key][1])
            texts[earlier] = texts_of(items)
            observation = Observation(told.subject, told.period, start, told.origin, *texts[earlier])
            yield row, Write(write.sequence, observation, message=write.message, known=True)

    def _texts(self, judged: list[Write], row: int, key: Key) -> Texts:
        if row < 0:
            return self._pending.find([key])[key]
        return Texts(judged[row].observation.values, judged[row].observation.flags)


def _are_usual(writes: Sequence[Write], told: Sequence[Observation]) -> NDArray[np.bool_]:
    """Which writes may revise and come without flags."""
    revises, flags = list(map(_REVISES, writes)), list(map(_FLAGS, told))
    if revises.count(True) == len(told) == flags.count(NOT_EVALUATED):
        return np.ones(len(told), np.bool_)
    return np.array([write.revises and write.observation.flags == NOT_EVALUATED for write in writes], np.bool_)


@lru_cache(maxsize=4096)  # what is found is found again and again
def _flags_of(told: tuple[str, ...], items: tuple[str, ...], grades: bytes) -> str:
    """The flags of an observation that tells some items, with the grades of those that have thresholds."""
    known = dict(zip(items, grades, strict=True))
    return flag_texts.encode({item: marked(known.get(item, PASSED), _NOTHING) for item in told})


_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
