"""The page of what the rest of a period may bring: days that may be bad, the mean that is left, heavy pollution."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.pictures import Piece, bar
from qingchuan.api.parameters import A_YEAR, Dates
from qingchuan.api.queries.calendar import year_before
from qingchuan.api.queries.city_budgets import Targets, budget_answer
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.schemas.budgets import CityBudgetAnswer, RateBudget
from qingchuan.api.schemas.statistics import StatisticsAnswer

_MOST_PERCENT: Final = 100
_MOST_CONCENTRATION: Final = 1000


def budget_page(asked: Asked) -> Shown:
    """What the page of budgets shows; the target is last year's rate where none is given."""
    period = asked.period(asked.year)
    before = statistics(asked.services, asked.code, year_before(period), as_of=asked.as_of)
    last_year = _rate(before)
    targets, answer = _or_last_year(targets_of(asked), last_year), None
    if any(target is not None for target in targets):
        answer = budget_answer(asked.services, asked.code, period, targets, as_of=asked.as_of)
    pieces = [] if answer is None or answer.rate is None else _pieces(answer, answer.rate, asked)
    return Shown(
        values={
            "answer": answer,
            "period": period,
            "told": spoken(period, asked.words),
            "before": spoken(year_before(period), asked.words),
            "targets": targets,
            "last_year": last_year,
            "choices": asked.choices(to_date=False),
            "pieces": pieces,
            "picture": bar(pieces, asked.words("budget.picture"), 2) if pieces else Markup(),
        },
        simulated=before.simulated,
        standards=answer.editions if answer else (),
        rules=[answer.rules] if answer and answer.rules else (),
        revision=answer.revision if answer else None,
        answers=[asked.address(f"cities/{asked.code}/budget", **question(period, targets))] if answer else (),
    )


def targets_of(asked: Asked) -> Targets:
    """The targets that are asked for.

    Raises
    ------
    ProblemError
        One is no number, or beyond what it may be.
    """
    return Targets(
        asked.number("target", 0, _MOST_PERCENT),
        asked.count("pm25_target", 0, _MOST_CONCENTRATION),
        asked.count("heavy_target", 0, A_YEAR),
    )


def targets_or_last_year(asked: Asked, period: Dates) -> Targets:
    """The targets that are asked for; without any that the good-air rate of last year is reached again."""
    given = targets_of(asked)
    if any(target is not None for target in given):
        return given
    before = statistics(asked.services, asked.code, year_before(period), as_of=asked.as_of)
    return _or_last_year(given, _rate(before))


def _rate(of: StatisticsAnswer) -> float | None:
    return of.rates.good_air.rate if of.rates else None


def _or_last_year(given: Targets, last_year: float | None) -> Targets:
    return given if any(target is not None for target in given) else given._replace(rate=last_year)


def question(period: Dates, targets: Targets) -> dict[str, object]:
    """The parameters of the API for the same budgets."""
    of = {"target": targets.rate, "pm25_target": targets.pm25, "heavy_target": targets.heavy}
    return {"start": period.start, "end": period.end, **of}


def _pieces(answer: CityBudgetAnswer, rate: RateBudget, asked: Asked) -> list[Piece]:
    """The days of the period: those that are over, then those that are left by what they may be."""
    words = asked.words
    days = {"good": rate.good, "bad": rate.counted - rate.good, "nothing": answer.asked.days_over - rate.counted}
    if rate.bad_allowed is None:
        days |= {"left": answer.left}
    else:
        days |= {"allowed": rate.bad_allowed, "needed": answer.left - rate.bad_allowed}
    return [
        Piece(number / answer.asked.days, kind, words(f"budget.piece_{kind}", n=number))
        for kind, number in days.items()
        if number
    ]
