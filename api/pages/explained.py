"""The figures that can be explained, by the name that a link to their page has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, get_args

from msgspec import UnsetType

from qingchuan.api.answering import iso_time
from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.budget import question, targets_or_last_year
from qingchuan.api.pages.figures import day as spoken_day
from qingchuan.api.pages.figures import moment as spoken_moment
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.what_if import gain_of
from qingchuan.api.parameters import THREE_YEARS, Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.air_explained import day_explained, hour_explained
from qingchuan.api.queries.calendar import month_of, year_before
from qingchuan.api.queries.city_budgets import budget_answer
from qingchuan.api.queries.city_editions import editions_answer
from qingchuan.api.queries.days import city_days, finished
from qingchuan.api.queries.downgrades import changes_answer
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.rates import rate_explained
from qingchuan.api.queries.reading_explained import reading_explained
from qingchuan.api.queries.section_periods import periods_answer
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.queries.subjects import evaluated_for, is_simulated
from qingchuan.api.queries.what_if import what_if_answer
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.api.schemas.ranking import By
from qingchuan.api.schemas.water_changes import Against
from qingchuan.processing.periods import HOUR

_DAY = dt.timedelta(days=1)


class Explained(NamedTuple):
    """A figure with how it came about.

    Attributes
    ----------
    about : str
        Whose it is, and of when.
    explanations : list of Explanation
        Of each figure that was asked for together; empty where there is none.
    simulated : bool
    answer : str
        Address of the same in the API.
    """

    about: str
    explanations: list[Explanation]
    simulated: bool
    answer: str


def explained(name: str, asked: Asked) -> Explained:
    """The figure of a name, explained.

    Raises
    ------
    ProblemError
        There is no such figure, or what is asked about it will not do.
    """
    if name not in _FIGURES:
        raise wrong_parameter("of", name, " or ".join(_FIGURES))
    return _FIGURES[name](asked)


def _rank(asked: Asked) -> Explained:
    by, period = asked.choice("by", get_args(By)), asked.period(asked.year_to_date)
    answer = ranking(asked.services, period, by, as_of=asked.as_of, explain_city=asked.code)
    return Explained(
        about=asked.words("explain.about", name=asked.words.named(asked.city.name), period=spoken(period, asked.words)),
        explanations=_listed(answer.explanation),
        simulated=answer.simulated,
        answer=asked.address("ranking", start=period.start, end=period.end, by=by, explain_city=asked.code),
    )


def _statistics(asked: Asked) -> Explained:
    """Means, percentiles, rates and indices of a period."""
    period = asked.period(asked.year_to_date, THREE_YEARS)
    answer = statistics(asked.services, asked.code, period, as_of=asked.as_of, explain=True)
    return _of_city(asked, period, answer, "statistics")


def _rate(asked: Asked) -> Explained:
    """The good-air rate of a period, down to its days."""
    period = asked.period(asked.year_to_date, THREE_YEARS)
    over = finished(asked.services, period, asked.as_of)
    stations = evaluated_for(asked.subjects, asked.code)
    days = city_days(asked.services.observations, asked.code, stations, over, asked.at)
    return _of_air(
        asked, spoken(period, asked.words), rate_explained(days, period), "good-air-rate", period.start, period.end
    )


def _day(asked: Asked) -> Explained:
    """The AQI of a natural day; without one of yesterday."""
    day = asked.day("at") or asked.today - _DAY
    if day >= asked.today:
        raise wrong_parameter("at", day.isoformat(), f"a day that is over, up to {asked.today - _DAY},")
    found = day_explained(asked.services, asked.code, day, asked.at)
    return _of_air(asked, spoken_day(day, asked.words), found, "days", day, day + _DAY)


def _hour(asked: Asked) -> Explained:
    """The AQI of the latest hour."""
    start, found = hour_explained(asked.services, asked.code, asked.at)
    told = spoken_moment(iso_time(start + HOUR), asked.words)
    return _of_air(asked, told, found, "hours", iso_time(start), iso_time(start + HOUR))


def _of_air(asked: Asked, period: str, found: Explanation | None, route: str, start: object, end: object) -> Explained:
    """A figure of the city that is asked about, whose answer begins at `start` and ends before `end`."""
    return Explained(
        about=asked.words("explain.about", name=asked.words.named(asked.city.name), period=period),
        explanations=_listed(found),
        simulated=is_simulated(asked.subjects, asked.code),
        answer=asked.address(f"cities/{asked.code}/{route}", start=start, end=end, explain="true"),
    )


def _budget(asked: Asked) -> Explained:
    """What the rest of a period may bring."""
    period = asked.period(asked.year)
    targets = targets_or_last_year(asked, period)
    if all(target is None for target in targets):  # nothing is aimed at, and last year, which tells that, has no rate
        before = year_before(period)
        return _of_air(asked, spoken(period, asked.words), None, "statistics", before.start, before.end)
    answer = budget_answer(asked.services, asked.code, period, targets, as_of=asked.as_of, explain=True)
    told = _of_city(asked, period, answer, "budget", **question(period, targets))
    return told._replace(explanations=answer.explanations)


def _what_if(asked: Asked) -> Explained:
    """What it takes to gain places."""
    period, gain = asked.period(asked.year), gain_of(asked)
    answer = what_if_answer(asked.services, asked.code, period, gain, as_of=asked.as_of, explain=True)
    return _of_city(asked, period, answer, "what-if", gain=gain)


def _editions(asked: Asked) -> Explained:
    """How many good days survive another edition, and later limits."""
    period = asked.period(asked.year_to_date, THREE_YEARS)
    answer = editions_answer(asked.services, asked.code, period, as_of=asked.as_of, explain=True)
    return _of_city(asked, period, answer, "editions")


def _of_city(asked: Asked, period: Dates, answer: CityAnswer, route: str, **more: object) -> Explained:
    given = {"start": period.start, "end": period.end, **more, "explain": "true"}
    return Explained(
        about=asked.words("explain.about", name=asked.words.named(answer.name), period=spoken(period, asked.words)),
        explanations=_listed(answer.explanation),
        simulated=answer.simulated,
        answer=asked.address(f"cities/{asked.code}/{route}", **given),
    )


def _change(asked: Asked) -> Explained:
    """How the class of a section changed against one thing."""
    name, day, against = asked.section, asked.day("at"), asked.choice("against", get_args(Against))
    answer = changes_answer(asked.services, day, asked.at, asked.as_of, section=name, everything=True, explain=True)
    [section] = answer.sections
    change = next((one for one in section.changes if one.against == against), None)
    return Explained(
        about=asked.words(
            "explain.about", name=asked.words.named(section.name), period=spoken_day(answer.date, asked.words)
        ),
        explanations=[] if change is None else _listed(change.explanation),
        simulated=section.simulated,
        answer=asked.address("sections/changes", at=answer.date, section=name, all="true", explain="true"),
    )


def _month(asked: Asked) -> Explained:
    """The class of a section over a month: the one in progress as far as it is over, or else the one asked for."""
    name, month = asked.section, month_of(asked.period(asked.year_to_date, THREE_YEARS).end - dt.timedelta(days=1))
    answer = periods_answer(asked.services, name, month, "month", asked.at, asked.as_of, explain=True)
    period = next(iter(answer.periods), None)
    return Explained(
        about=asked.words("explain.about", name=asked.words.named(answer.name), period=spoken(month, asked.words)),
        explanations=[] if period is None else _listed(period.explanation),
        simulated=answer.simulated,
        answer=asked.address(f"sections/{name}/periods", start=month.start, end=month.end, by="month", explain="true"),
    )


def _reading(asked: Asked) -> Explained:
    """The class of the latest reading of a section."""
    now = asked.services.now() // 1_000_000
    answer = reading_explained(asked.services, asked.section, now, asked.at)
    return Explained(
        about=asked.words(
            "explain.about",
            name=asked.words.named(answer.name),
            period=spoken_moment(answer.reading.time, asked.words),
        ),
        explanations=_listed(answer.explanation),
        simulated=answer.simulated,
        answer=asked.address(f"sections/{answer.subject}/explain", time=answer.reading.time),
    )


def _listed(explanation: Explanation | UnsetType | None) -> list[Explanation]:
    return [explanation] if isinstance(explanation, Explanation) else []


_FIGURES: dict[str, Callable[[Asked], Explained]] = {
    "rank": _rank,
    "statistics": _statistics,
    "rate": _rate,
    "day": _day,
    "hour": _hour,
    "budget": _budget,
    "what-if": _what_if,
    "editions": _editions,
    "reading": _reading,
    "month": _month,
    "change": _change,
}
