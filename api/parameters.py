"""What a request may ask with, and what is said when it will not do."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from qingchuan.api.only_now import not_as_of
from qingchuan.api.problems import ProblemError, wrong_parameter
from qingchuan.api.services import Services
from qingchuan.processing.periods import day_start, parse_instant

LARGEST = 2**63 - 1
"""Largest number that the stores can be asked about."""

A_YEAR: Final = 366
"""Longest period for which cities are ranked and budgets are told. [d]"""
THREE_YEARS: Final = 3 * A_YEAR
"""Longest period over which the days of one city are judged together. [d]"""

MOMENT: Final = "the number of a message, or a time with its offset such as 2026-11-25T08:00:00+08:00"
"""What names a message."""

_DAY = 86_400
_MOST_DIGITS = len(str(LARGEST))
_DATE_LENGTH = len("2026-11-25")
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
_BETWEEN = f"a time from {_FIRST} up to {_LAST}"


async def refuse_unknown(request: Request) -> None:
    """Refuse a query parameter that the route does not know: a mistyped one must not go unnoticed.

    Raises
    ------
    ProblemError
        There is one; or it is `as_of`, and the route tells of now only.
    """
    route: APIRoute = request.scope["route"]
    known = _names(route.dependant)
    for name in request.query_params:
        if name not in known:
            reason = not_as_of(route.path) if name == "as_of" else None
            if reason is not None:
                raise reason
            wanted = f"only {', '.join(known)}" if known else "none"
            detail = f"the query has the parameter {name!r}; {wanted} would do (/api/v1/openapi.json)"
            raise ProblemError(422, "unknown-parameter", detail)


def _names(dependant: Dependant) -> list[str]:
    """The query parameters of a route and of what it depends on."""
    return [field.alias for field in dependant.query_params] + [
        name for part in dependant.dependencies for name in _names(part)
    ]


def given_services(request: Request) -> Services:
    """The services that the application was made with."""
    services: Services = request.app.state.services
    return services


Given = Annotated[Services, Depends(given_services)]
SubjectPath = Annotated[str, Path(description="Internal id; see /api/v1/stations", examples=["1235A"])]
CityPath = Annotated[str, Path(description="Six digits of GB/T 2260", examples=["330200"])]
InstantFrom = Annotated[
    str,
    Query(
        description="ISO 8601 with an offset, or a natural day of Beijing time, which begins at 0:00",
        examples=["2026-11-24", "2026-11-24T08:00:00+08:00"],
    ),
]
InstantTo = Annotated[
    str, Query(description="As `start`; not included itself", examples=["2026-11-25", "2026-11-25T08:00:00+08:00"])
]
DateFrom = Annotated[str, Query(description="Natural day of Beijing time", examples=["2026-11-01"])]
DateTo = Annotated[str, Query(description="Natural day of Beijing time; not included itself", examples=["2026-11-25"])]
_AsOfText = Annotated[
    str | None,
    Query(
        description="Answer as it was after this message, by its number; or at this time (ISO 8601 with an offset), "
        "after the last message that was received by then. Without it, as it is now",
        examples=["1042", "2026-11-24T08:00:00+08:00"],
    ),
]
EditionName = Annotated[
    str | None,
    Query(
        description="Edition of HJ 633; without it, each period by the edition in force on its date",
        examples=["HJ 633-2012", "HJ 633-2026"],
    ),
]
Explain = Annotated[bool, Query(description="Also tell how the figures came about")]
Limit = Annotated[int, Query(description="Most entries of the answer", ge=1, le=1000)]


class Span(NamedTuple):
    """A range of time, ``[start, end)``.

    Attributes
    ----------
    start, end : int
        [s since 1970-01-01 UTC]
    """

    start: int
    end: int


class Dates(NamedTuple):
    """A range of natural days, ``[start, end)``.

    Attributes
    ----------
    start, end : datetime.date
    """

    start: dt.date
    end: dt.date

    @property
    def span(self) -> Span:
        """The same range in seconds.

        Examples
        --------
        >>> Dates(dt.date(1970, 1, 2), dt.date(1970, 1, 3)).span
        Span(start=57600, end=144000)
        """
        return Span(day_start(self.start), day_start(self.end))

    @property
    def days(self) -> int:
        """How many days. [d]."""
        return (self.end - self.start).days


def sequence_of(services: Services, text: str, name: str = "as_of") -> int:
    """The message that the parameter `name` names: by its number, or as the last one received by an instant.

    Raises
    ------
    ProblemError
        It is neither a number nor an instant.
    """
    if text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    try:
        time = instant(name, text) * 1_000_000
    except ProblemError as error:
        raise wrong_parameter(name, text, f"{MOMENT},") from error
    messages = range(1, services.observations.sequence() + 1)
    return bisect_right(messages, time, key=lambda message: services.received(message) or 0)


def given_as_of(services: Given, as_of: _AsOfText = None) -> int | None:
    """The message after which an answer is to show the data; None: the newest one."""
    return None if as_of is None else sequence_of(services, as_of)


AsOf = Annotated[int | None, Depends(given_as_of)]


def moment(services: Services, as_of: int | None, name: str = "as_of") -> int:
    """The message after which an answer shows the data: `as_of`, or the newest one that has been applied.

    Raises
    ------
    ProblemError
        `as_of`, which the parameter `name` gave, has not been applied yet.
    """
    newest = services.observations.sequence()
    if as_of is not None and as_of > newest:
        raise wrong_parameter(name, as_of, f"up to {newest}, the newest message that has been applied,")
    return newest if as_of is None else as_of


def instants(start: str, end: str, most_days: int, instead: str) -> Span:
    """The range from `start` to `end`, of at most `most_days` days.

    Parameters
    ----------
    start, end : str
        Instants with an offset, or dates.
    most_days : int
        [d]
    instead : str
        What to do when more is wanted.

    Raises
    ------
    ProblemError
        One is neither, the end lies before the start, or the range is too long.

    Examples
    --------
    >>> instants("1970-01-01", "1970-01-01T01:00:00+08:00", 366, "")
    Span(start=-28800, end=-25200)
    """
    span = Span(instant("start", start), instant("end", end))
    _check(end, span.end - span.start, most_days, instead)
    return span


def dates(start: str, end: str, most_days: int, instead: str) -> Dates:
    """The natural days from `start` to `end`, at most `most_days`.

    Raises
    ------
    ProblemError
        One is no date, the end lies before the start, or the range is too long.

    Examples
    --------
    >>> dates("2026-11-01", "2026-11-25", 366, "").days
    24
    """
    found = Dates(date("start", start), date("end", end))
    _check(end, found.days * _DAY, most_days, instead)
    return found


def _check(end: str, length: int, most_days: int, instead: str) -> None:
    if length < 0:
        raise wrong_parameter("end", end, "the same as start or later")
    if length > most_days * _DAY:
        detail = (
            f"start and end are {length / _DAY:g} days apart; at most {most_days} days would do: {instead} "
            "(/api/v1/openapi.json)"
        )
        raise ProblemError(422, "range-too-long", detail)


def instant(name: str, text: str) -> int:
    """The instant that the parameter `name` gives as `text`: a time with an offset, or a date.

    Raises
    ------
    ProblemError
        It is neither.

    Examples
    --------
    >>> instant("time", "1970-01-01T09:00:00+08:00")
    3600
    """
    if len(text) == _DATE_LENGTH:
        return day_start(date(name, text))
    try:
        # A "+" that was not encoded arrives as a space.
        found = parse_instant(text.replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        wanted = "a time with its offset such as 2026-11-25T08:00:00+08:00, or a date such as 2026-11-25,"
        raise wrong_parameter(name, text, wanted) from error
    if not day_start(_FIRST) <= found <= day_start(_LAST):
        raise wrong_parameter(name, text, _BETWEEN)
    return found


def date(name: str, text: str) -> dt.date:
    """The natural day that the parameter `name` gives as `text`.

    Raises
    ------
    ProblemError
        It is none.

    Examples
    --------
    >>> date("at", "2026-11-24")
    datetime.date(2026, 11, 24)
    """
    try:
        found = dt.date.fromisoformat(text if len(text) == _DATE_LENGTH else "")
    except ValueError as error:
        raise wrong_parameter(name, text, "a date such as 2026-11-25") from error
    if not _FIRST <= found <= _LAST:
        raise wrong_parameter(name, text, _BETWEEN)
    return found
