"""How complete the data of subjects are, by natural day and calendar month, and why the rest is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, Span, moment
from qingchuan.api.queries.days import time_of
from qingchuan.api.queries.expected import GRACE, cycle_of, expected_hours, items_of
from qingchuan.api.queries.missing_causes import Evidence, evidence_of
from qingchuan.api.queries.told_hours import ToldHours, told_hours
from qingchuan.api.services import Services
from qingchuan.processing.completeness import CAUSES, Cause, first_cause, in_slots, silences
from qingchuan.processing.periods import DAY, HOUR, day_start, natural_day
from qingchuan.processing.rounding import divide_half_even
from qingchuan.store.observations import Period
from qingchuan.store.subjects import Section, Subject

_SILENT = 3
"""Who told nothing in so many of its shortest cycles, one after the other, is offline."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Expected values by natural day, what became of them, and why those are missing that are.

    Attributes
    ----------
    subjects : tuple of str
    items : tuple of str
        Those that any of the subjects is expected to tell.
    days : ndarray of datetime64[D], shape (days,)
        Those of whole months.
    expected, there : ndarray of int64, shape (days, subjects)
        Of all subjects together where they are added up: shape (days, 1).
    missing : ndarray of int64, shape (causes, days, subjects)
        In the order of `CAUSES`; with `there` it adds up to `expected`.
    """

    subjects: tuple[str, ...]
    items: tuple[str, ...]
    days: NDArray[np.datetime64]
    expected: NDArray[np.int64]
    there: NDArray[np.int64]
    missing: NDArray[np.int64]


def ledger(services: Services, subjects: Mapping[str, Subject], dates: Dates, as_of: int | None = None) -> Ledger:
    """The ledger of `subjects`, which are of one kind, in the months that have a day of `dates`.

    Parameters
    ----------
    services : Services
    subjects : mapping of str to Subject
        At least one.
    dates : Dates
        At least one day.
    as_of : int or None
        As it was after this message, when it was received; None: now.
    """
    kind = next(iter(subjects.values()))
    period: Period = "instant" if isinstance(kind, Section) else "hour"
    months = _months(dates)
    before = day_start((_date(months[0].start) - dt.timedelta(days=1)).replace(day=1))
    items = tuple(dict.fromkeys(item for subject in subjects.values() for item in items_of(subject, period)))
    span, now, at = Span(before, months[-1].end), time_of(services, as_of) // 1_000_000, moment(services, as_of)
    told = told_hours(services.observations, tuple(subjects), items, period, span, at)
    expected = expected_hours(services, subjects, told, months, period, at)
    found = _Counted(evidence_of(services.state, told, period, now, at), expected)
    for cycle in sorted({cycle_of(item, period) for item in items}):
        found.add([place for place, item in enumerate(items) if cycle_of(item, period) == cycle], cycle)
    return found.ledger(months[0].start)


class _Counted:
    """Counts by day, added up over items of different cycles."""

    def __init__(self, evidence: Evidence, expected: NDArray[np.bool_]) -> None:
        self._evidence, self._told = evidence, evidence.told
        self._expected = expected
        self._refused = evidence.refused()
        self._days = len(self._told.starts) * HOUR // DAY
        shape = self._days, len(self._told.subjects)
        self._counts = np.zeros((2 + len(CAUSES), *shape), np.int64)
        self._lost = np.zeros((len(self._told.starts), len(self._told.subjects)), np.bool_)
        self._with_shorter = np.zeros(len(self._told.subjects), np.bool_)
        self._offline = _offline(self._told, expected, evidence)

    def add(self, items: list[int], cycle: int) -> None:
        """Add what is expected of some items every `cycle` hours; the shorter cycles first."""
        told, starts = self._told, self._told.starts[::cycle]
        due = (starts + self._evidence.lead + cycle * HOUR * (self._evidence.lead == 0) + GRACE) <= self._evidence.now
        expected = in_slots(self._expected[items], cycle) & due[:, np.newaxis]
        there = in_slots(told.valid[items], cycle) & expected
        missing = expected & ~there
        refused = in_slots(self._refused[items], cycle)
        silent = missing & ~refused & ~in_slots(told.flagged[items], cycle)
        evidence = self._evidence
        passed_over = self._passed_over(items, starts, cycle, np.asarray(silent.any(axis=0)))
        holds: dict[Cause, NDArray[np.bool_]] = {
            "calibrating": in_slots(told.calibrating[items], cycle),
            "flagged": in_slots(told.flagged[items], cycle),
            "refused": refused,
            "service-away": evidence.away("service-away", starts, cycle),
            "broker-away": evidence.away("broker-away", starts, cycle),
            "lost": passed_over | evidence.away("no-session", starts, cycle),
            "offline": ~in_slots(~self._offline, cycle),
        }
        codes = first_cause(missing, holds)
        masks = [expected, there, *(codes == code for code in range(len(CAUSES)))]
        for place, mask in enumerate(masks):
            self._counts[place] += mask.reshape(len(items), self._days, -1, mask.shape[-1]).sum(axis=(0, 2))

    def _passed_over(
        self, items: list[int], starts: NDArray[np.int64], cycle: int, missing: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Of which slots the messages were passed over by a count; a message that tells several items is lost once.

        So of whom tells others more often, a slot is passed over with the hours that were, and by no count of its own.
        """
        own = self._evidence.passed_over(starts, cycle, missing)
        found = np.where(self._with_shorter, in_slots(self._lost, cycle) & missing, own)
        self._lost |= np.repeat(found, cycle, axis=0)
        self._with_shorter |= self._expected[items].any(axis=(0, 1))
        return found

    def ledger(self, begin: int) -> Ledger:
        """What was counted, from the day on that begins at `begin` [s since 1970-01-01 UTC]."""
        first = (begin - int(self._told.starts[0])) // DAY
        days = np.datetime64(_date(begin), "D") + np.arange(self._days - first)
        expected, there, *missing = self._counts[:, first:]
        hours = slice(first * DAY // HOUR, None)
        asked = np.flatnonzero(self._expected[:, hours].any(axis=(1, 2))).tolist()
        items = tuple(self._told.items[place] for place in asked)
        return Ledger(self._told.subjects, items, days, expected, there, np.stack(missing))


def added_up(found: Ledger) -> Ledger:
    """The ledger of all its subjects together: one column."""
    counts = (found.expected, found.there, found.missing)
    expected, there, missing = (count.sum(axis=-1, keepdims=True) for count in counts)
    return Ledger(found.subjects, found.items, found.days, expected, there, missing)


def percent(there: NDArray[np.int64], expected: NDArray[np.int64]) -> list[float | None]:
    """The share that is there, rounded half to even to one decimal; None where nothing was expected [%].

    Examples
    --------
    >>> percent(np.array([23, 0, 0]), np.array([24, 24, 0]))
    [95.8, 0.0, None]
    """
    tenths = divide_half_even(1000 * there, np.maximum(expected, 1)).tolist()
    return [tenth / 10 if any_ else None for tenth, any_ in zip(tenths, expected.tolist(), strict=True)]


def _offline(told: ToldHours, expected: NDArray[np.bool_], evidence: Evidence) -> NDArray[np.bool_]:
    """Whether each subject was offline in each hour: nothing of any item for several of its shortest cycles."""
    cycles = np.array([cycle_of(item, evidence.period) for item in told.items])
    wanted = expected.any(axis=1)
    shortest = np.where(wanted, cycles[:, np.newaxis], np.iinfo(np.int64).max).min(axis=0, initial=24)
    past = told.starts < evidence.now - evidence.lead
    anything = np.asarray(told.told.any(axis=0))
    found = np.zeros(anything.shape, np.bool_)
    for column, cycle in enumerate(shortest.tolist()):
        found[past, column] = silences(anything[past, column], _SILENT * cycle)
    return found


def _months(dates: Dates) -> list[Span]:
    """The calendar months that have a day of `dates`."""
    found, first, last = [], dates.start.replace(day=1), dates.end - dt.timedelta(days=1)
    while first <= last:
        following = (first + dt.timedelta(days=31)).replace(day=1)
        found.append(Span(day_start(first), day_start(following)))
        first = following
    return found


def _date(seconds: int) -> dt.date:
    return natural_day(seconds)
