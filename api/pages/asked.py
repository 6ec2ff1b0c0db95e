"""What a person asked a page for: language, moment, city, period."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from qingchuan.api.pages.words import Words
from qingchuan.api.parameters import A_YEAR, Dates, moment, sequence_of
from qingchuan.api.problems import ProblemError, wrong_parameter
from qingchuan.api.queries.calendar import month_of, year_of
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.subjects import evaluated_for, find, of_kind
from qingchuan.api.services import Services
from qingchuan.store.subjects import City, Section, Subject

_T = TypeVar("_T", bound=str)

_EVER = Dates(dt.date(1970, 1, 1), dt.date(2200, 1, 1))
_DATE_LENGTH = len("2026-11-25")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A request for a page.

    Attributes
    ----------
    services : Services
    path : str
        Of the page.
    query : mapping of str to str
        Parameters that are not empty.
    words : Words
        In the language that is spoken.
    """

    services: Services
    path: str
    query: Mapping[str, str]
    words: Words

    @cached_property
    def as_of(self) -> int | None:
        """The message after which the data are shown; None for now."""
        text = self.query.get("as_of")
        return None if text is None else sequence_of(self.services, text)

    @cached_property
    def at(self) -> int:
        """The newest message that is taken into account."""
        return moment(self.services, self.as_of)

    @cached_property
    def today(self) -> dt.date:
        """The natural day in progress: the first that is not over."""
        return finished(self.services, _EVER, self.as_of).end

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        """Everything that is observed."""
        return self.services.state.subjects(as_of=self.at)

    @cached_property
    def cities(self) -> dict[str, City]:
        """The cities, by code."""
        return of_kind(self.subjects, City)

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The sections, by id."""
        return of_kind(self.subjects, Section)

    @cached_property
    def own(self) -> str | None:
        """The city whose stations report here, or else the first one; None while there is none."""
        return max(self.cities, key=lambda code: len(evaluated_for(self.subjects, code)), default=None)

    @cached_property
    def code(self) -> str:
        """The city that is asked about; without one, the own city.

        Raises
        ------
        ProblemError
            There is no such city, or none at all yet.
        """
        code = self.query.get("city") or self.own
        if code is None:
            raise ProblemError(404, "no-city", "no city has announced itself; /api/v1/stations lists who has")
        find(self.services, code, City, self.at)
        return code

    @property
    def city(self) -> City:
        """The same, as it announced itself."""
        return self.cities[self.code]

    @cached_property
    def section(self) -> str:
        """The section that is asked about; without one, the first.

        Raises
        ------
        ProblemError
            There is no such section, or none at all yet.
        """
        name = self.query.get("section") or next(iter(self.sections), None)
        if name is None:
            raise ProblemError(404, "no-section", "no section has announced itself; /api/v1/stations lists who has")
        find(self.services, name, Section, self.at)
        return name

    @property
    def year_to_date(self) -> Dates:
        """1 January to yesterday; on 1 January last year."""
        yesterday = self.today - _DAY
        return Dates(yesterday.replace(month=1, day=1), self.today)

    @property
    def year(self) -> Dates:
        """The year of yesterday, with the days that are still to come."""
        return year_of(self.today - _DAY)

    def choice(self, name: str, among: Sequence[_T]) -> _T:
        """Which of some words a parameter has; the first where it is absent.

        Raises
        ------
        ProblemError
            It is none of them.
        """
        found = self.query.get(name, among[0])
        for word in among:
            if word == found:
                return word
        raise wrong_parameter(name, found, " or ".join(among))

    def number(self, name: str, least: float, most: float) -> float | None:
        """The number that a parameter has; None where it is absent.

        Raises
        ------
        ProblemError
            It is no number from `least` to `most`.
        """
        text = self.query.get(name)
        if text is None:
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if least <= found <= most:
            return found
        raise wrong_parameter(name, text, f"a number from {least:g} to {most:g}")

    def count(self, name: str, least: int, most: int) -> int | None:
        """The whole number that a parameter has; None where it is absent.

        Raises
        ------
        ProblemError
            It is no whole number from `least` to `most`.
        """
        found = self.number(name, least, most)
        if found is not None and not found.is_integer():
            raise wrong_parameter(name, self.query[name], f"a whole number from {least} to {most}")
        return None if found is None else int(found)

    def day(self, name: str) -> dt.date | None:
        """The natural day that a parameter has; None where it is absent.

        Raises
        ------
        ProblemError
            It is no date.
        """
        text = self.query.get(name)
        return None if text is None else _date(name, text)

    def link(self, path: str | None = None, **changes: object) -> str:
        """Address of a page in the language spoken: this page with some parameters changed (None: without), or another.

        Another page is asked about the same city and the same moment.
        """
        kept = ("city", "as_of") if path else tuple(self.query)
        query = (
            {name: self.query[name] for name in kept if name in self.query} | changes | {"lang": self.words.language}
        )
        return f"{path or self.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"

    def address(self, route: str, **question: object) -> str:
        """Address of an answer of the API about the same moment; what is None is left out."""
        told = {name: value for name, value in {**question, "as_of": self.as_of}.items() if value is not None}
        return f"/api/v1/{route}?{urlencode(told)}" if told else f"/api/v1/{route}"

    def in_language(self, language: str) -> str:
        """Address of this page in another language."""
        return f"{self.path}?{urlencode({**self.query, 'lang': language})}"

    def period(self, default: Dates, most_days: int = A_YEAR) -> Dates:
        """The natural days that are asked about: a month, or from one day to another, or else `default`.

        From 1 January where only the last day is given, and up to yesterday where only the first is.

        Raises
        ------
        ProblemError
            A date will not do, or the days are none or more than `most_days`.
        """
        month, first, last = (self.query.get(name) for name in ("month", "from", "to"))
        if month is not None:
            return month_of(_date("month", f"{month}-01", month))
        if first is None and last is None:
            return default
        end = self.today if last is None else _date("to", last) + _DAY
        found = Dates(year_of(end - _DAY).start if first is None else _date("from", first), end)
        _check(found, last, most_days)
        return found

    def choices(self, *, to_date: bool) -> list[Choice]:
        """The usual periods; with `to_date` those in progress end where the days end that are over."""
        month, year = month_of(self.today), year_of(self.today)
        before = month_of(month.start - _DAY), year_of(year.start - _DAY)
        named = {"this_month": month, "last_month": before[0], "this_year": year, "last_year": before[1]}
        found = {key: Dates(of.start, min(of.end, self.today) if to_date else of.end) for key, of in named.items()}
        return [Choice(key, of, self._period_link(of)) for key, of in found.items() if of.days]

    def _period_link(self, of: Dates) -> str:
        days = {"from": of.start.isoformat(), "to": self.last(of).isoformat()}
        return self.link(month=None, **days)

    @staticmethod
    def span(start: str, end: str) -> Dates:
        """Natural days from their texts in an answer."""
        return Dates(dt.date.fromisoformat(start), dt.date.fromisoformat(end))

    @staticmethod
    def last(of: Dates) -> dt.date:
        """The last of some natural days."""
        return of.end - _DAY


class Choice(NamedTuple):
    """A period that can be chosen with a click.

    Attributes
    ----------
    key : str
        Of its words.
    dates : Dates
    address : str
    """

    key: str
    dates: Dates
    address: str


def _check(found: Dates, last: str | None, most_days: int) -> None:
    """Refuse a period without days, or with too many."""
    if found.days > most_days:
        detail = f"from and to are {found.days} days, both included; at most {most_days} would do: ask for a part"
        raise ProblemError(422, "range-too-long", detail)
    if found.days <= 0 and last is not None:
        raise wrong_parameter("to", last, "the same as from or later")
    if found.days <= 0:
        wanted = f"without to, a day that is over, up to {found.end - _DAY},"
        raise wrong_parameter("from", found.start.isoformat(), wanted)


def _date(name: str, text: str, told: str | None = None) -> dt.date:
    wanted = "a month such as 2026-11" if told else "a date such as 2026-11-25"
    try:
        found = dt.date.fromisoformat(text if len(text) == _DATE_LENGTH else "")
    except ValueError as error:
        raise wrong_parameter(name, told or text, wanted) from error
    if not _EVER.start <= found < _EVER.end:
        raise wrong_parameter(name, told or text, f"from {_EVER.start} up to {_EVER.end}")
    return found
