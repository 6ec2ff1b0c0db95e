"""What is to be computed anew, fixed before the first block: from what, by what, for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from importlib import resources
from typing import Final, NamedTuple

import msgspec

import qingchuan
from qingchuan.api.queries.air import beginnings
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.services import Services
from qingchuan.processing.air import key_cities
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.standards import Edition, Family
from qingchuan.processing.standards.by_day import editions_of
from qingchuan.store.subjects import AirStation, City, Name, Subject

LAYOUT: Final = 1
"""Of the folder; what has another one is computed anew."""

_FAMILIES: Final[tuple[Family, ...]] = ("hj633", "hj663", "gb3095", "hb2018_19", "hb2016_120")
_LARGE: Final = 64
"""Subjects of a block, about: few enough for the cache of a processor, many enough to be worth a message."""
_MONTHS: Final = 3
"""Months of a block: those that share files of the cube."""
_YEAR: Final = 12


class PlannedStation(msgspec.Struct, frozen=True):
    """A station.

    Attributes
    ----------
    id : str
    began : int
        Start of its first hour; the end of time where it has none. [s since 1970-01-01 UTC]
    evaluated : bool
        Whether it counts for its city.
    """

    id: str
    began: int
    evaluated: bool


class PlannedCity(msgspec.Struct, frozen=True):
    """A city, and its stations.

    Attributes
    ----------
    code : str
    name : Name
    stations : tuple of PlannedStation
    """

    code: str
    name: Name
    stations: tuple[PlannedStation, ...]


class Plan(msgspec.Struct, frozen=True):
    """All that the results depend on, beside the data themselves.

    Attributes
    ----------
    start, end : date
        The natural days ``[start, end)``.
    sequence : int
        The data as they were after this message.
    program : str
        Its version.
    thresholds : str
        SHA-256 of the thresholds of the quality tests.
    editions : dict of str to tuple of str
        For each family of standards the editions that cover a day, by name.
    cities : tuple of PlannedCity
    layout : int
    """

    start: date
    end: date
    sequence: int
    program: str
    thresholds: str
    editions: dict[str, tuple[str, ...]]
    cities: tuple[PlannedCity, ...]
    layout: int = LAYOUT

    @property
    def days(self) -> int:
        """How many days. [d]."""
        return (self.end - self.start).days

    @property
    def stations(self) -> tuple[PlannedStation, ...]:
        """Those of all cities, in the order of these."""
        return tuple(station for city in self.cities for station in city.stations)


class Block(NamedTuple):
    """A piece of work.

    Attributes
    ----------
    name : str
    start, end : date
        The natural days ``[start, end)``.
    cities, stations : slice
        Among those of the plan.
    """

    name: str
    start: date
    end: date
    cities: slice
    stations: slice

    @property
    def days(self) -> int:
        """How many days. [d]."""
        return (self.end - self.start).days


def make_plan(services: Services, period: CalendarPeriod, thresholds: str) -> Plan:
    """The plan of computing a period from the data as they are now, under `thresholds` (the text of their file)."""
    at = services.observations.sequence()
    return Plan(
        start=period.start,
        end=period.end,
        sequence=at,
        program=qingchuan.__version__,
        thresholds=digest_of(thresholds),
        editions=editions_between(period),
        cities=_cities(services, at),
    )


def thresholds_text(own: str) -> str:
    """The text of the thresholds that hold: a bureau's `own`, or where it is empty those that ship.

    Examples
    --------
    >>> thresholds_text("") == thresholds_text(thresholds_text(""))
    True
    """
    shipped = resources.files("qingchuan.processing.quality").joinpath("thresholds.toml")
    return own or shipped.read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def editions_between(period: CalendarPeriod) -> dict[str, tuple[str, ...]]:
    """Names of the editions that cover a day of a period, family by family.

    Examples
    --------
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> editions_between(year_of(date(2026, 1, 1)))["hj633"]
    ('hj633_2012', 'hj633_2026')
    """
    return {family: _names(editions_of(period.dates, family).editions) for family in _FAMILIES}


def _names(editions: tuple[Edition, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(edition.name for edition in editions))  # one may stand in for its successor


def blocks_of(plan: Plan) -> Iterator[Block]:
    """The pieces of work of a plan, in the order of time: a quarter, and cities with about as many stations each."""
    groups = list(_groups(plan.cities))
    for start, end in _stretches(plan.start, plan.end):
        for number, (cities, stations) in enumerate(groups):
            yield Block(f"{start}-{number:04}", start, end, cities, stations)


def _stretches(start: date, end: date) -> Iterator[tuple[date, date]]:
    """``[start, end)`` in calendar quarters.

    Examples
    --------
    >>> [str(day) for _, day in _stretches(date(2025, 2, 10), date(2025, 8, 1))]
    ['2025-04-01', '2025-07-01', '2025-08-01']
    """
    while start < end:
        month = start.year * _YEAR + (start.month - 1) // _MONTHS * _MONTHS + _MONTHS
        after = min(end, date(month // _YEAR, month % _YEAR + 1, 1))
        yield start, after
        start = after


def _groups(cities: tuple[PlannedCity, ...]) -> Iterator[tuple[slice, slice]]:
    """Slices of cities, each whole, and of their stations."""
    first, station, held = 0, 0, 0
    for place, city in enumerate(cities):
        if place > first and held + len(city.stations) + place + 1 - first > _LARGE:
            yield slice(first, place), slice(station, station + held)
            first, station, held = place, station + held, 0
        held += len(city.stations)
    if cities:
        yield slice(first, len(cities)), slice(station, station + held)


def _cities(services: Services, at: int) -> tuple[PlannedCity, ...]:
    """The cities that are known, have stations, or were told of, in the order of their codes."""
    subjects = services.state.subjects(as_of=at)
    known = {code: city.name for code, city in of_kind(subjects, City).items()}
    ranked = {city.code: Name(city.name.zh, city.name.en) for city in key_cities.ever()}
    told = services.observations.first(sorted(ranked), "day", at)
    stations = _stations(services, subjects, at)
    names = {code: ranked.get(code, Name(code, code)) for code in {*told, *stations}} | known
    return tuple(PlannedCity(code, names[code], tuple(stations[code])) for code in sorted(names))


def _stations(services: Services, subjects: Mapping[str, Subject], at: int) -> defaultdict[str, list[PlannedStation]]:
    """The stations of each city, in the order of their ids."""
    stations = dict(sorted(of_kind(subjects, AirStation).items()))
    began = beginnings(services.observations, list(stations), at).tolist()
    found = defaultdict[str, list[PlannedStation]](list)
    for (name, station), first in zip(stations.items(), began, strict=True):
        found[station.city].append(PlannedStation(name, first, station.evaluated))
    return found
