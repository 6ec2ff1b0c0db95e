"""What the applier makes of a message of an import: observations, published figures, and what it refuses.

It looks at nothing but the message, the subjects that were announced before it, and the tables that ship.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from qingchuan.collector import senders
from qingchuan.collector.importing import figures
from qingchuan.collector.importing.names import Names
from qingchuan.collector.numbers import is_number, is_plausible, why_not
from qingchuan.collector.refusal import Code, RefusedError
from qingchuan.processing import catalogue, flags, periods
from qingchuan.processing.air import key_cities
from qingchuan.store.import_messages import Entry, Import, ImportedOrigin, RefusedCell, Told, decode
from qingchuan.store.imports import Part, Published
from qingchuan.store.observations import PERIOD_SECONDS, Observation, Period
from qingchuan.store.state import DeadLetter
from qingchuan.store.subjects import City, Name, Subject, domains_of, kind_of

_KEY_CITY = City(Name("", ""))
"""Stands for a key city that has not announced itself: what it may tell is the same."""

_ENDS = 253_370_764_800
"""9999-01-01 UTC: up to there every moment has a date. [s]"""

_ANNOUNCED_ONLY: frozenset[ImportedOrigin] = frozenset({"reported", "manual"})
"""Of these origins a subject has to be announced; what is published is told of every key city."""


@dataclass
class Taken:
    """What a message of an import came to.

    Attributes
    ----------
    observations : list of Observation
    figures : list of Published
    refused : list of RefusedCell
    part : Part
    """

    part: Part
    observations: list[Observation] = field(default_factory=list)
    figures: list[Published] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)

    def letters(self, whole: DeadLetter) -> list[DeadLetter]:
        """A dead letter for each refusal; `whole` is that of the message.

        A message has one for each place of the file: its item names the line.
        """
        return [
            whole._replace(
                item=place(cell), code=cell.code, reason=reason(cell), subject=cell.subject, start=cell.start
            )
            for cell in self.refused
        ]


def place(cell: RefusedCell) -> str:
    """What a dead letter calls the place of a refusal.

    Examples
    --------
    >>> place(RefusedCell(12, "tp", "wrong-value", "")), place(RefusedCell(13, "", "wrong-time", ""))
    ('tp (line 12)', 'line 13')
    """
    return f"{cell.item} (line {cell.line})" if cell.item else f"line {cell.line}"


def reason(cell: RefusedCell) -> str:
    """Why it was refused, with the line.

    Examples
    --------
    >>> reason(RefusedCell(12, "tp", "wrong-value", "tp is x; a number would do"))
    'line 12: tp is x; a number would do'
    """
    return f"line {cell.line}: {cell.reason}"


def parse(payload: bytes) -> Import:
    """The rows that a message carries.

    Raises
    ------
    RefusedError
        It is no message of an import.
    """
    try:
        return decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"the message of an import does not fit: {error}; import the file again"
        raise RefusedError("wrong-shape", message) from error


def take(told: Import, subjects: Mapping[str, Subject], latest: int, *, sequence: int = 0, received: int = 0) -> Taken:
    """What the rows of a message come to.

    Parameters
    ----------
    told : Import
    subjects : mapping of str to Subject
        Those that are announced.
    latest : int
        A time later than this is a wrong one. [s since 1970-01-01 UTC]
    sequence, received : int
        The message, and when the journal took it. [-], [µs since 1970-01-01 UTC]
    """
    refused = list(told.refused)
    known = _Known(subjects, told.origin)
    rows = _Rows(told, latest, refused)
    for entry in told.rows:
        whose = ""
        try:
            whose = known(entry.subject)
            rows.take(entry, whose, subjects.get(whose, _KEY_CITY))
        except RefusedError as error:
            announced = whose if whose in subjects else ""
            refused.append(RefusedCell(entry.line, "", error.code, error.reason, subject=announced))
    taken = list(figures.check(told.figures, known, sequence, refused))
    part = Part(
        told.digest, told.name, told.origin, told.before, told.through, len(refused), told.last, sequence, received
    )
    return Taken(part, list(rows.observations()), taken, refused)


class _Rows:
    """Gathers the rows of a message: those of one subject and period are one observation, the later one winning."""

    def __init__(self, told: Import, latest: int, refused: list[RefusedCell]) -> None:
        self._told = told
        self._latest = latest
        self._refused = refused
        self._found: dict[tuple[str, int], dict[str, Told]] = {}

    def take(self, entry: Entry, whose: str, subject: Subject) -> None:
        period = self._told.period
        known = may_tell(subject, period)
        if not known:
            what = f"{whose!r} is {kind_of(subject)}"
            raise RefusedError("unknown-subject", f"{what}; nothing of a period '{period}' is told of one")
        check_time(entry.start, period, self._latest)
        values = dict(self._values(entry, whose, known))
        if values:
            self._found.setdefault((whose, entry.start), {}).update(values)

    def observations(self) -> Iterator[Observation]:
        told = self._told
        for (subject, start), values in self._found.items():
            items = {item: (value.text, value.flag) for item, value in values.items()}
            by = {item: value.by for item, value in values.items() if value.by}
            yield Observation.of(subject, told.period, start, told.origin, items, by)

    def _values(self, entry: Entry, whose: str, known: tuple[str, ...]) -> Iterator[tuple[str, Told]]:
        for item, said in entry.values.items():
            value = Told(said) if isinstance(said, str) else said
            fault = _fault(item, value, known)
            if fault is None:
                yield item, value
            else:
                code, why = fault
                self._refused.append(RefusedCell(entry.line, item, code, why, value.text, whose, entry.start))


def may_tell(subject: Subject, period: Period) -> tuple[str, ...]:
    """The items that an import may tell of a subject and period: as stations do, and the hours of a city besides.

    Examples
    --------
    >>> may_tell(City(Name("宁波", "Ningbo")), "hour")
    ('so2', 'no2', 'pm10', 'pm25', 'co', 'o3')
    """
    if kind_of(subject) == "city" and period == "hour":
        return catalogue.tellable(period, domains_of(subject))
    return senders.items(subject, period)


def check_time(start: int, period: Period, latest: int) -> None:
    """Refuse a time that is no start of a period, or lies ahead.

    Raises
    ------
    RefusedError
    """
    length = PERIOD_SECONDS.get(period, 0)
    if not 0 <= start < _ENDS:
        raise RefusedError("wrong-time", f"its time is {start} s since 1970; times lie between 1970 and 9999")
    shown = periods.to_beijing(start).isoformat()
    if start + length > latest:
        limit = periods.to_beijing(latest).isoformat()
        hint = "look at [time] in the mapping: format, zone and label"
        raise RefusedError("future", f"its time is {shown}, later than {limit}, the latest that is believed; {hint}")
    if length and periods.align(start, length) != start:
        raise RefusedError("wrong-time", f"its time is {shown}; a '{period}' begins on a whole one, Beijing time")


class _Known:
    """Finds the id of who is meant; raises `RefusedError` where that is nobody, or not one alone.

    A message holds the name of whom nobody knew when the file was read: by now he may have announced himself.
    """

    def __init__(self, subjects: Mapping[str, Subject], origin: ImportedOrigin) -> None:
        self._subjects = subjects
        self._codes = frozenset[str]() if origin in _ANNOUNCED_ONLY else _codes()

    def __call__(self, name: str) -> str:
        if name in self._subjects or name in self._codes:
            return name
        found = self._named(name)
        if found in self._subjects or found in self._codes:
            return found
        hint = (
            "announce it (docs/mqtt.md) and apply this again (qingchuan dead-letters again), or name its id in "
            "[subject.ids] of the mapping"
        )
        raise RefusedError("unknown-subject", f"subject {name!r} was never announced; {hint}")

    @functools.cached_property
    def _named(self) -> Names:
        return Names({}, self._subjects)


@functools.cache
def _codes() -> frozenset[str]:
    """Codes of all cities that were ever key cities."""
    return frozenset(city.code for city in key_cities.ever())


def _fault(item: str, value: Told, known: tuple[str, ...]) -> tuple[Code, str] | None:
    if item not in known:
        return "unknown-item", f"item {item} is not told of this subject and period; the items are {', '.join(known)}"
    if not is_number(value.text) or not is_plausible(item, value.text):
        return "wrong-value", why_not(item, value.text)
    if value.flag not in flags.ALL:
        return "wrong-value", f"the flag of {item} is {value.flag}; the flags are {', '.join(map(str, flags.ALL))}"
    return None
