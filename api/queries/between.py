"""Two messages that are compared: what was known after each, and which days can have been told after the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qingchuan.api.parameters import Dates, date, moment
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.calendar import day_of, month_of, year_of
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.subjects import evaluated_by_city
from qingchuan.api.schemas.revisions import Unit
from qingchuan.api.services import Services
from qingchuan.store.observations import Wanted
from qingchuan.store.subjects import AirStation, City, Section, Subject

_EVER = Dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))
_LENGTHS: dict[int, tuple[str, Unit]] = {4: ("-01-01", "year"), 7: ("-01", "month"), 10: ("", "day")}
"""For as long as a period is told: what makes a date of it, and what it is."""
_UNITS: dict[Unit, tuple[Unit, ...]] = {
    "day": ("day",),
    "month": ("day", "month"),
    "year": ("day", "month", "year"),
}


class Asked(NamedTuple):
    """The days that are asked about, and the periods that figures are told of.

    Attributes
    ----------
    days : Dates
    units : tuple of {"day", "month", "year"}
    named : bool
        Whether a period was named.
    """

    days: Dates
    units: tuple[Unit, ...]
    named: bool


def asked_period(text: str | None) -> Asked:
    """What the parameter `period` asks about: a day, a month or a year; without it all days, and their months.

    Raises
    ------
    ProblemError
        It is none of these.

    Examples
    --------
    >>> asked_period("2026-11").days.days, asked_period("2026").units
    (30, ('day', 'month', 'year'))
    """
    if text is None:
        return Asked(_EVER, _UNITS["month"], named=False)
    if len(text) not in _LENGTHS:
        raise wrong_parameter("period", text, "a day, month or year such as 2026-11-24, 2026-11 or 2026,")
    ending, unit = _LENGTHS[len(text)]
    day = date("period", text + ending)
    whole = {"day": day_of, "month": month_of, "year": year_of}[unit](day)
    return Asked(whole, _UNITS[unit], named=True)


@dataclass(frozen=True)
class Between:
    """Two messages, and what is asked about them.

    Attributes
    ----------
    services : Services
    first, last : int
        As it was after these messages.
    asked : Asked
    subject : str or None
        Only figures that rest on this station, city or section.
    """

    services: Services
    first: int
    last: int
    asked: Asked
    subject: str | None

    @cached_property
    def over(self) -> dt.date:
        """First natural day that was not over at the first message."""
        return finished(self.services, _EVER, self.first).end

    @cached_property
    def before(self) -> Mapping[str, Subject]:
        """Who had announced himself after the first message, and as what."""
        return self.services.state.subjects(as_of=self.first)

    @cached_property
    def after(self) -> Mapping[str, Subject]:
        """The same after the last message."""
        return self.services.state.subjects(as_of=self.last)

    @cached_property
    def known(self) -> Mapping[str, Subject]:
        """Everybody, as announced last."""
        return {**self.before, **self.after}

    @property
    def sides(self) -> tuple[tuple[int, Mapping[str, Subject]], tuple[int, Mapping[str, Subject]]]:
        """The messages, each with who was known then."""
        return (self.first, self.before), (self.last, self.after)

    def stations(self, subjects: Mapping[str, Subject], city: str) -> list[str]:
        """The stations that were evaluated for a city."""
        return evaluated_by_city(subjects).get(city, [])

    def cities_of(self, name: str) -> set[str]:
        """The cities whose figures rest on a subject, before or after."""
        found = {known.get(name) for known in (self.before, self.after)}
        return {one.city for one in found if isinstance(one, AirStation)} | {
            name for one in found if isinstance(one, City)
        }

    @cached_property
    def wanted(self) -> Wanted:
        """Which readings can have changed a figure that was told."""
        span = self.clipped(self.asked.days).span
        return Wanted(self._subjects(), *span)

    def clipped(self, days: Dates) -> Dates:
        """Those of `days` that are asked about and were over at the first message."""
        start, end = max(days.start, self.asked.days.start), min(days.end, self.asked.days.end, self.over)
        return Dates(min(start, end), end)

    def whole(self, days: Dates) -> Dates:
        """Those of `days` that were over at the first message."""
        end = min(days.end, self.over)
        return Dates(min(days.start, end), end)

    def _subjects(self) -> tuple[str, ...] | None:
        if self.subject is None:
            return None
        found = self.known.get(self.subject)
        if isinstance(found, City):
            stations = {name for _, known in self.sides for name in self.stations(known, self.subject)}
            return (self.subject, *sorted(stations))
        return (self.subject,)


def between(services: Services, first: int, last: int | None, subject: str | None, period: str | None) -> Between:
    """What is compared.

    Raises
    ------
    ProblemError
        A message has not been applied yet, they are the wrong way round, or there is no such subject or period.
    """
    start, end = moment(services, first, "from"), moment(services, last, "to")
    if start > end:
        raise wrong_parameter("from", first, f"up to {end}, the message to compare with,")
    found = Between(services, start, end, asked_period(period), subject)
    kind = None if subject is None else found.known.get(subject)
    if subject is not None and not isinstance(kind, AirStation | City | Section):
        raise wrong_parameter("subject", subject, "an air station, a city or a section of /api/v1/stations")
    return found
