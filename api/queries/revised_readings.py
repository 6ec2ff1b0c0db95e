"""The readings that differ between two messages: what was told before and after, and which message did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, NamedTuple

import numpy as np

from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.between import Between
from qingchuan.api.schemas.revisions import Beside, RevisedValue, Why
from qingchuan.processing import catalogue
from qingchuan.processing.flags import MISSING
from qingchuan.processing.periods import DAY, day_start, natural_day
from qingchuan.store import audit
from qingchuan.store.arrays import Grid, Readings
from qingchuan.store.messages import Kind
from qingchuan.store.observations import ONE_FIGURE, PERIOD_SECONDS, WITH_OFFICIAL, Changed, Observations, Period
from qingchuan.store.past_traces import announced_between
from qingchuan.store.subjects import AirStation, City, Section, Subject

MOST: Final = 50_000
"""Readings that are looked into; more are refused, with what to ask for instead."""

_AUDIT: Final = "audit"
_CHECK: Final = "check:"

_BESIDE: Final[tuple[Beside | None, ...]] = (None, "manual")
"""What counts of a reading, and the sample of a laboratory beside it, in the order of `Observations.samples`."""

_Cell = tuple[float, int]
_Key = tuple[str, int, Beside | None]
"""Subject and start, and whether it stands beside what else is told of them."""


class _Known(NamedTuple):
    """The newest message behind a reading, and value and flag of the items that are told."""

    sequence: int
    cells: dict[str, _Cell]


_NOTHING: Final = _Known(0, {})


class Reading(NamedTuple):
    """A reading that differs, or an announcement.

    Attributes
    ----------
    subject : str
    period : str
        ``subject`` of an announcement, ``dust`` of a day of which hours of dust were declared.
    start : int or None
        [s since 1970-01-01 UTC]
    sequence : int
        The last message between both that wrote it.
    values : dict of str to RevisedValue
        The items that differ.
    origin : {"manual"} or None
        Of a sample of a laboratory, which stands beside what the station told of the same instant.
    """

    subject: str
    period: str
    start: int | None
    sequence: int
    values: dict[str, RevisedValue]
    origin: Beside | None = None


class Sent(NamedTuple):
    """What the journal says of a message.

    Attributes
    ----------
    kind : str
    received : int
        [µs since 1970-01-01 UTC]
    topic : str
    """

    kind: Kind
    received: int
    topic: str


def revised_readings(of: Between) -> list[Reading]:
    """The readings that differ, by time.

    Raises
    ------
    ProblemError
        There are too many.
    """
    groups: defaultdict[tuple[Period, type[Subject], tuple[int, int]], list[Changed]] = defaultdict(list)
    for row in _rows(of):
        day = natural_day(row.start)
        groups[row.period, type(of.known[row.subject]), (day.year, day.month)].append(row)
    found = [reading for (period, kind, _), rows in groups.items() for reading in _compared(of, period, kind, rows)]
    announced = announced_between(of.services.state.engine, of.first, of.last)
    news = [Reading(name, "subject", None, sequence, {}) for name, sequence in announced.items() if _moved(of, name)]
    return [*news, *sorted([*found, *_dust(of)], key=lambda one: (one.start or 0, one.subject))]


def why(reading: Reading, sent: Sent | None) -> Why:
    """Why a reading differs, by its values and the message that wrote it.

    Examples
    --------
    >>> why(Reading("1235A", "hour", 0, 7, {"pm25": RevisedValue(35, 2, 36, 2, None)}), None)
    'corrected'
    """
    values = reading.values.values()
    kind = None if sent is None else sent.kind
    changes: list[tuple[Why, bool]] = [
        ("announced", reading.period == "subject"),
        ("again", kind == "again"),
        (
            "audited",
            reading.period == "dust" or kind == _AUDIT or any(_by(value).startswith(_AUDIT) for value in values),
        ),
        ("station-check", any(_by(value).startswith(_CHECK) for value in values)),
        ("imported", kind == "import"),
        ("late", any(value.old is None for value in values)),
        ("corrected", any(value.old != value.new for value in values)),
    ]
    return next((reason for reason, holds in changes if holds), "flagged")


def sent_by(of: Between, sequences: Iterable[int]) -> dict[int, Sent]:
    """What the journal says of some messages, of those that it has."""
    with closing(of.services.open_journal()) as journal:
        return {
            number: Sent(message.kind, received, message.topic)
            for number, received, message in journal.messages(sorted(set(sequences)))
        }


def _by(value: RevisedValue) -> str:
    """What set the flag of a value anew."""
    return value.by or "" if value.old_flag != value.new_flag else ""


def _rows(of: Between) -> list[Changed]:
    """What was written between both, each reading once, by its last message: of whom figures are told."""
    rows = of.services.observations.revised(of.first, of.last, MOST, of.wanted)
    if len(rows) >= MOST:
        detail = (
            f"{len(rows)} readings or more were written between message {of.first} and message {of.last}, of days that "
            f"were over before; fewer than {MOST} would do: ask for a subject, a period, or messages that lie nearer"
        )
        raise ProblemError(422, "too-much", detail)
    last = {(row.subject, row.period, row.start): row for row in rows}
    return [row for row in last.values() if _counts(of.known.get(row.subject), row.period)]


def _counts(subject: Subject | None, period: Period) -> bool:
    """Whether figures rest on such readings: hours of stations, days of cities, instants of sections."""
    match subject:
        case AirStation():
            return period == "hour"
        case City():
            return period == "day"
        case Section():
            return period == "instant"
        case _:
            return False


def _dust(of: Between) -> Iterator[Reading]:
    """The natural days of which somebody declared hours of dust, or took that back: no value differs with it."""
    engine, wanted = of.services.state.engine, of.wanted
    if not audit.has_dust(engine, of.last):
        return
    for done in audit.trail(engine, MOST, start=wanted.start, end=wanted.end, as_of=of.last):
        about = wanted.subjects is None or done.subject in wanted.subjects
        if done.sequence > of.first and done.action in {"dust", "restore"} and not done.refused and about:
            for start in range(max(done.start, wanted.start), min(done.end, wanted.end), DAY):
                yield Reading(done.subject, "dust", day_start(natural_day(start)), done.sequence, {})


def _moved(of: Between, name: str) -> bool:
    """Whether a station counts for another city than before, or begins or ends to count."""
    told = [known.get(name) for known in (of.before, of.after)]
    if not any(isinstance(one, AirStation) for one in told) or of.subject not in {None, name, *of.cities_of(name)}:
        return False
    before, after = ((one.city, one.evaluated) if isinstance(one, AirStation) else None for one in told)
    return before != after


def _compared(of: Between, period: Period, kind: type[Subject], rows: Sequence[Changed]) -> Iterator[Reading]:
    """Those of some readings of a month that differ."""
    subjects = sorted({row.subject for row in rows})
    starts = [row.start for row in rows]
    start, end = min(starts), max(starts) + PERIOD_SECONDS.get(period, 1)
    wanted = {(row.subject, row.start) for row in rows}
    store = of.services.observations
    old, new = (_cells(store, kind, period, subjects, (start, end), at, wanted) for at in (of.first, of.last))
    marks = store.marks(subjects, period, start, end, of.last)
    by = {(mark.subject, mark.start, mark.item): mark.by for mark in marks}
    for row, beside in ((row, beside) for row in rows for beside in _BESIDE):
        key = row.subject, row.start, beside
        after = new.get(key, _NOTHING)
        values = _differing(old.get(key, _NOTHING).cells, after.cells)
        marked = by if beside is None else {}
        told = {item: _marked(value, marked.get((*key[:2], item))) for item, value in values.items()}
        if told:
            yield Reading(row.subject, period, row.start, after.sequence or row.sequence, told, beside)


def _marked(value: RevisedValue, by: str | None) -> RevisedValue:
    return RevisedValue(value.old, value.old_flag, value.new, value.new_flag, by)


def _differing(old: Mapping[str, _Cell], new: Mapping[str, _Cell]) -> dict[str, RevisedValue]:
    """The items that were told differently."""
    items = [item for item in {**old, **new} if old.get(item) != new.get(item)]
    nothing = (np.nan, MISSING)
    cells = {item: (old.get(item, nothing), new.get(item, nothing)) for item in items}
    return {
        item: RevisedValue(_plain(before[0]), before[1], _plain(after[0]), after[1], None)
        for item, (before, after) in cells.items()
    }


def _cells(
    store: Observations,
    kind: type[Subject],
    period: Period,
    subjects: Sequence[str],
    span: tuple[int, int],
    at: int,
    wanted: set[tuple[str, int]],
) -> dict[_Key, _Known]:
    """What was told of the readings that are `wanted`, after message `at`."""
    if period == "instant":
        items = tuple(entry.key for entry in catalogue.items("water"))
        found: dict[_Key, _Known] = {}
        for beside, readings in zip(_BESIDE, store.samples(subjects, items, *span, at), strict=True):
            who = [subjects[place] for place in readings.subject.tolist()]
            keys = [(*key, beside) for key in zip(who, readings.times.astype(np.int64).tolist(), strict=True)]
            found |= _told(keys, items, readings, wanted)
        return found
    items = catalogue.told(period)
    grid = store.read(subjects, items, period, *span, at, WITH_OFFICIAL if kind is City else ONE_FIGURE)
    times = grid.times.astype(np.int64).tolist()
    keys = [(subject, time, None) for time in times for subject in subjects]
    return _told(keys, items, grid, wanted)


def _told(
    keys: Sequence[_Key], items: Sequence[str], told: Grid | Readings, wanted: set[tuple[str, int]]
) -> dict[_Key, _Known]:
    shape = len(items), len(keys)
    values, flags, sequence = told.values.reshape(shape), told.flags.reshape(shape), told.sequence.reshape(-1)
    there = ~np.isnan(values)
    return {
        key: _Known(
            int(sequence[column]),
            {
                item: (float(values[row, column]), int(flags[row, column]))
                for row, item in enumerate(items)
                if there[row, column]
            },
        )
        for column, key in enumerate(keys)
        if key[:2] in wanted
    }


def _plain(value: float) -> float | None:
    """A number for JSON: None where missing, without a point where it is whole."""
    if np.isnan(value):
        return None
    return int(value) if value.is_integer() else value
