"""The evidence for why values are missing: dead letters, windows, gaps, silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.queries.told_hours import ToldHours, early_of
from qingchuan.processing import catalogue
from qingchuan.processing.completeness import first_ones, overlapped
from qingchuan.processing.periods import HOUR
from qingchuan.store import traces
from qingchuan.store.dead_letters import OTHERS
from qingchuan.store.observations import Period
from qingchuan.store.past_traces import gaps_between, windows_between
from qingchuan.store.state import DeadLetter, State
from qingchuan.store.traces import Gap, Window, WindowKind

SHORTEST: Final = 60
"""Somebody who was away for less is no cause: stations and broker send again what was not acknowledged. [s]"""

_SECOND: Final = 1_000_000
_OTHERS: Final = frozenset({"day", "minute", "realtime", "station"})
"""Messages that tell nothing that is expected."""


@dataclass(frozen=True)
class Evidence:
    """What is known about the time of `told`.

    Attributes
    ----------
    told : ToldHours
    period : {"hour", "instant"}
    now : int
        [s since 1970-01-01 UTC]
    letters : list of DeadLetter
    windows : list of Window
    gaps : list of Gap
    sources : dict of str to str
        Who receives each subject.
    """

    told: ToldHours
    period: Period
    now: int
    letters: list[DeadLetter]
    windows: list[Window]
    gaps: list[Gap]
    sources: dict[str, str]

    @property
    def lead(self) -> int:
        """How long after its begin a period is told at the earliest: an hour when it is over [s]."""
        return HOUR if self.period == "hour" else 0

    def refused(self) -> NDArray[np.bool_]:
        """Of which hours a value was refused; shape (items, hours, subjects)."""
        found = np.zeros(self.told.valid.shape, np.bool_)
        for letter in self.letters:
            hour = self._hour_of(letter)
            if 0 <= hour < len(self.told.starts) and letter.topic.rpartition("/")[2] not in _OTHERS:
                found[_items(letter.item, self.told.items), hour, self.told.subjects.index(letter.subject)] = True
        return found

    def away(self, kind: WindowKind, starts: NDArray[np.int64], cycle: int) -> NDArray[np.bool_]:
        """Whether what belongs to each slot may have fallen into a window of a kind; shape (slots, subjects)."""
        begins, ends = self._due(starts, cycle)
        columns = [overlapped(begins, ends, self._spans(kind, name)) for name in self.told.subjects]
        return np.stack(columns, axis=-1)

    def passed_over(self, starts: NDArray[np.int64], cycle: int, missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of which of the `missing` slots the messages were passed over by a count; shape (slots, subjects).

        As many slots as numbers are missing, the earliest first: which of several it was nobody knows.
        """
        begins, ends = self._due(starts, cycle)
        found = np.zeros(missing.shape, np.bool_)
        for gap in self.gaps:
            column = self.told.subjects.index(gap.subject)
            between = overlapped(begins, ends, np.array([[gap.since, gap.until]], np.int64))
            found[:, column] |= first_ones(missing[:, column] & between & ~found[:, column], gap.lacking)
        return found

    def _due(self, starts: NDArray[np.int64], cycle: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """When what belongs to each slot is sent: an hour in the one that follows, a reading in its cycle."""
        return starts + self.lead, starts + self.lead + cycle * HOUR

    def _spans(self, kind: WindowKind, subject: str) -> NDArray[np.int64]:
        source = self.sources.get(subject)
        found = [
            (window.begin // _SECOND, self.now if window.end is None else -(-window.end // _SECOND))
            for window in self.windows
            if window.kind == kind and (kind == "service-away" or source in {None, "", window.source})
        ]
        shortest = 0 if kind == "no-session" else SHORTEST
        spans = [span for span in found if span[1] - span[0] >= shortest]
        return np.array(spans, np.int64).reshape(-1, 2)

    def _hour_of(self, letter: DeadLetter) -> int:
        """The hour that a refused message names, or else the one that was due when it came, as a place."""
        begin = int(self.told.starts[0])
        if letter.start is None or letter.code == "future":
            return (letter.received // _SECOND - self.lead - begin) // HOUR
        return (letter.start + early_of(self.period) - begin) // HOUR


def evidence_of(state: State, told: ToldHours, period: Period, now: int, at: int) -> Evidence:
    """The evidence about the time of `told`, as it was after message `at`."""
    span = Span(int(told.starts[0]) - HOUR, int(told.starts[-1]) + 2 * HOUR)
    return Evidence(
        told,
        period,
        now,
        state.dead_letters_of(told.subjects, *span, at),
        windows_between(state.engine, *span, at),
        gaps_between(state.engine, told.subjects, *span, at),
        traces.sources(state.engine, told.subjects),
    )


def _items(refused: str | None, items: Sequence[str]) -> slice | int | list[int]:
    """Which of `items` was refused: all with a whole message, none where a code of its sender is not known.

    The letter that stands for many may stand for each of them.
    """
    if refused in (None, OTHERS):
        return slice(None)
    known = catalogue.by_code(refused)
    item = known[0].key if known else refused
    return items.index(item) if item in items else []
