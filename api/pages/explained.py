"""The figures that can be explained, by the name that a link to their page has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, get_args

from msgspec import UnsetType

from qingchuan.api.pages.asked import Asked, month_of
from qingchuan.api.pages.budget import question, targets_of
from qingchuan.api.pages.figures import day as spoken_day
from qingchuan.api.pages.figures import moment as spoken_moment
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.what_if import gain_of
from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.city_budgets import budget_answer
from qingchuan.api.queries.city_editions import editions_answer
from qingchuan.api.queries.downgrades import changes_answer
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.reading_explained import reading_explained
from qingchuan.api.queries.section_periods import periods_answer
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.queries.what_if import what_if_answer
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.api.schemas.ranking import By
from qingchuan.api.schemas.water_changes import Against


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
    period = asked.period(asked.year_to_date)
    answer = statistics(asked.services, asked.code, period, as_of=asked.as_of, explain=True)
    return _of_city(asked, period, answer, "statistics")


def _budget(asked: Asked) -> Explained:
    """What the rest of a period may bring."""
    period, targets = asked.period(asked.year), targets_of(asked)
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
    period = asked.period(asked.year_to_date)
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
    answer = changes_answer(asked.services, day, asked.at, asked.as_of, everything=True, explain=True)
    section = next(one for one in answer.sections if one.subject == name)
    change = next((one for one in section.changes if one.against == against), None)
    return Explained(
        about=asked.words(
            "explain.about", name=asked.words.named(section.name), period=spoken_day(answer.date, asked.words)
        ),
        explanations=[] if change is None else _listed(change.explanation),
        simulated=section.simulated,
        answer=asked.address("sections/changes", at=answer.date, all="true", explain="true"),
    )


def _month(asked: Asked) -> Explained:
    """The class of a section over a month: the one in progress as far as it is over, or else the one asked for."""
    name, month = asked.section, month_of(asked.period(asked.year_to_date).end - dt.timedelta(days=1))
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
    "budget": _budget,
    "what-if": _what_if,
    "editions": _editions,
    "reading": _reading,
    "month": _month,
    "change": _change,
}
