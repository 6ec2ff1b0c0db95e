"""Quality control on entry as its documentation says it: one message after the other, in dicts, with nothing kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from qingchuan.collector.quality.merging import told_of
from qingchuan.collector.quality.rules import Rules
from qingchuan.processing.flags import BAD, NOT_EVALUATED, SUSPECT, VALID
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.aggregate import aggregate
from qingchuan.processing.quality.assess import outcomes
from qingchuan.processing.quality.by_thresholds import SPIKES, among_others, in_time
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.thresholds import Thresholds
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import Observation, Period, Write
from qingchuan.store.rows import Texts

_BY_ITSELF = (QualityTest.GROSS_RANGE, QualityTest.NEGATIVE, QualityTest.ZERO, QualityTest.LOGIC)
_IN_TIME = {"spike", "rate_of_change", "flat_line", "constant", "outlier_large"}
_OURS = {test.name.lower() for test in QualityTest if test > QualityTest.INCOMING}
_Cell = tuple[str, Mark]
_Outcomes = dict[QualityTest, int]


class PlainQuality:
    """Judges observations of hours and instants that stations report, one by one."""

    def __init__(self, thresholds: Thresholds) -> None:
        self.rules: dict[Period, Rules] = {period: Rules(thresholds, period) for period in ("hour", "instant")}
        self.thresholds = thresholds
        self.rows: dict[tuple[str, Period], dict[int, dict[str, _Cell]]] = {}
        self.newest: dict[Period, int] = {}
        self.log: list[tuple[int, int, str, str, dict[str, _Cell]]] = []

    def take(self, write: Write) -> None:
        """Judge one observation and keep it."""
        told, period = write.observation, write.observation.period
        rows = self.rows.setdefault((told.subject, period), {})
        self.newest[period] = max(told.start, self.newest.get(period, told.start))
        bound = (self.newest[period] // DAY - self.rules[period].days) * DAY
        before = {start: dict(row) for start, row in rows.items()}
        if told.start < bound or not write.revises:
            self._alone(write, rows)
        else:
            self._in_time(write, rows, bound)
        for start, row in sorted(rows.items()):
            if row != before.get(start):
                self.log.append((write.sequence, start, told.subject, period, dict(row)))

    def _alone(self, write: Write, rows: dict[int, dict[str, _Cell]]) -> None:
        row, told = rows.setdefault(write.observation.start, {}), _cells(write.observation)
        known = {item: row[item] for item in told if item in row}
        for item, (text, mark) in self._judged_alone(told, write.observation.period).items():
            if item not in known:
                row[item] = text, mark
        if write.revises and known:
            new = {item: cell for item, cell in told.items() if item not in known or _is_news(cell, known[item])}
            row |= self._judged_alone(new, write.observation.period)

    def _judged_alone(self, told: dict[str, _Cell], period: Period) -> dict[str, _Cell]:
        found = self._by_itself(told, period)
        return {item: (text, _worst(mark, found.get(item, {}))) for item, (text, mark) in told.items()}

    def _in_time(self, write: Write, rows: dict[int, dict[str, _Cell]], bound: int) -> None:
        start, period = write.observation.start, write.observation.period
        row = rows.setdefault(start, {})
        told = _cells(write.observation)
        new = {item: cell for item, cell in told.items() if item not in row or _is_news(cell, row[item])}
        added = {item for item in new if item not in row}
        pairs = [(pair.part, pair.whole) for pair in self.thresholds.logic]
        row |= new
        partners = {one for pair in pairs for item in new if item in pair for one in pair if one in row} - set(new)
        incoming = {item: mark for item, (_, mark) in new.items()} | {item: _came_in(row[item][1]) for item in partners}
        found = self._by_itself(row, period)
        for item, mark in incoming.items():
            row[item] = row[item][0], _worst(mark, found.get(item, {}))
        for item in [item for item in self.rules[period].items if item in incoming]:
            times = sorted(time for time in rows if time >= bound and item in rows[time])
            at = times.index(start)
            if item in new and at:
                if item in added and at == len(times) - 1:
                    self._add_spike(rows, times, at - 1, item, period)
                else:
                    self._judge(rows, times, at - 1, item, period, _came_in(rows[times[at - 1]][item][1]))
            self._judge(rows, times, at, item, period, incoming[item])
            if item in new and at + 1 < len(times):
                self._judge(rows, times, at + 1, item, period, _came_in(rows[times[at + 1]][item][1]))

    def _judge(
        self, rows: dict[int, dict[str, _Cell]], times: list[int], at: int, item: str, period: Period, incoming: Mark
    ) -> None:
        row, rules = rows[times[at]], self.thresholds.of(item)
        found = dict(self._by_itself(row, period).get(item, {}))
        row[item] = row[item][0], _worst(incoming, found)
        lookback = int(self.rules[period].lookback[self.rules[period].items.index(item)])
        first = min(bisect_left(times, times[at] - lookback), max(at - 1, 0))
        past = times[first : at + 1]
        grid = range(past[0], past[-1] + 1, HOUR) if period == "hour" else past
        cells = [rows[time].get(item) if time in rows else None for time in grid]
        seen = np.array([np.nan if cell is None or _hidden(cell[1]) else float(cell[0]) for cell in cells])
        counts = np.array([cell is not None and _counts(cell[1]) for cell in cells]) & np.isfinite(seen)
        told = in_time(seen, list(grid), item, rules) | among_others(seen, counts, list(grid), rules, None)
        told.pop(QualityTest.SPIKE, None)
        found |= {test: int(flags[-1]) for test, flags in told.items()} if not np.isnan(seen[-1]) else {}
        found |= self._spike(rows, times, at, item, period)
        row[item] = row[item][0], _worst(incoming, found)

    def _spike(
        self, rows: dict[int, dict[str, _Cell]], times: list[int], at: int, item: str, period: Period
    ) -> _Outcomes:
        rule = self.thresholds.of(item).spike
        if rule is None or not 0 < at < len(times) - 1:
            return {}
        around = times[at - 1 : at + 2]
        gap = period == "hour" and around != [around[1] - HOUR, around[1], around[1] + HOUR]
        cells = [rows[time][item] for time in around]
        if gap or any(_hidden(mark) for _, mark in cells):
            return {}
        flags = SPIKES[rule.method]([float(text) for text, _ in cells], rule.suspect, rule.fail)
        return {QualityTest.SPIKE: int(flags[1])}

    def _add_spike(
        self, rows: dict[int, dict[str, _Cell]], times: list[int], at: int, item: str, period: Period
    ) -> None:
        found = self._spike(rows, times, at, item, period)
        text, mark = rows[times[at]][item]
        if found.get(QualityTest.SPIKE, 0) > NOT_EVALUATED:
            ours = {QualityTest[mark.by.upper()]: mark.flag} if mark.by in _OURS else {}
            worst = aggregate([NOT_EVALUATED if ours else mark.flag], _arrays(ours | found))
            rows[times[at]][item] = text, _marked(int(worst.flag[0]), QualityTest(int(worst.test[0])), mark)

    def _by_itself(self, row: Mapping[str, _Cell], period: Period) -> dict[str, _Outcomes]:
        items = [item for item in self.rules[period].items if item in row]
        if not items:
            return {}
        values = [[float(row[item][0])] for item in items]
        found = outcomes(values, items, [0], np.full((len(items), 1), NOT_EVALUATED), self.thresholds, None).by_test
        return {item: {test: int(found[test][place, 0]) for test in _BY_ITSELF} for place, item in enumerate(items)}


def _cells(told: Observation) -> dict[str, _Cell]:
    return told_of(Texts(told.values, told.flags))


def _arrays(found: _Outcomes) -> dict[QualityTest, np.ndarray]:
    return {test: np.array([flag], np.uint8) for test, flag in found.items()}


def _worst(incoming: Mark, found: _Outcomes) -> Mark:
    passed = found or {QualityTest.GROSS_RANGE: 1}
    worst = aggregate([incoming.flag], _arrays({test: 2 if flag == 9 else flag for test, flag in passed.items()}))
    return _marked(int(worst.flag[0]), QualityTest(int(worst.test[0])), incoming)


def _marked(flag: int, test: QualityTest, incoming: Mark) -> Mark:
    if test == QualityTest.INCOMING:
        return incoming
    return Mark(flag, "" if test == QualityTest.NONE else test.name.lower())


def _came_in(mark: Mark) -> Mark:
    return Mark(NOT_EVALUATED) if mark.by in _OURS or mark.flag in VALID else mark


def _is_news(told: _Cell, stored: _Cell) -> bool:
    if Decimal(told[0]) != Decimal(stored[0]):
        return True
    if stored[1].by in _OURS:
        return _worst(told[1], {QualityTest[stored[1].by.upper()]: stored[1].flag}) != stored[1]
    return told[1] != stored[1] and not (told[1].flag in VALID and stored[1].flag in VALID)


def _hidden(mark: Mark) -> bool:
    return mark.flag == BAD and mark.by not in _IN_TIME


def _counts(mark: Mark) -> bool:
    return mark.flag in VALID or mark == Mark(SUSPECT, "outlier_large")
