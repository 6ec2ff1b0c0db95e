"""Questions about the water: classes over periods, what changed, shares, budgets, and how a class came about."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import (
    AsOf,
    DateFrom,
    DateTo,
    Explain,
    Given,
    SubjectPath,
    date,
    dates,
    instant,
    moment,
)
from qingchuan.api.queries.calendar import at_least_a_day
from qingchuan.api.queries.downgrades import changes_answer
from qingchuan.api.queries.reading_explained import reading_explained
from qingchuan.api.queries.section_budgets import budget_answer
from qingchuan.api.queries.section_periods import periods_answer
from qingchuan.api.queries.water_shares import shares_answer
from qingchuan.api.schemas.water_budget import BudgetAnswer, ReadingExplainedAnswer
from qingchuan.api.schemas.water_changes import ChangesAnswer
from qingchuan.api.schemas.water_periods import By, PeriodsAnswer
from qingchuan.api.schemas.water_shares import SharesAnswer
from qingchuan.processing.periods import DAY

router = APIRouter(tags=["water"])

_MOST_DAYS: Final = 10 * 366
_MOST_SHARED_DAYS: Final = 366
_BY_PARTS: Final = "ask for one part after the other"

_By = Annotated[By, Query(description="What a period is; weeks begin on Monday")]
_Day = Annotated[
    str | None,
    Query(description="Natural day of Beijing time that is over; without it, the last one", examples=["2026-11-24"]),
]
_Section = Annotated[str | None, Query(description="Only this section, by its id", examples=["yaojiang"])]
_All = Annotated[bool, Query(alias="all", description="Also what did not change, and what cannot be compared")]
_City = Annotated[str | None, Query(description="Only sections of this city, by its six digits", examples=["330200"])]
_River = Annotated[str | None, Query(description="Only sections of this river, by its name", examples=["姚江"])]
_Year = Annotated[
    int | None,
    Query(description="Without it, that of the last day that is over", examples=[2026], ge=1900, le=2200),
]
_Class = Annotated[
    int | None,
    Query(alias="class", description="Class to reach; without it, the target class of the section", ge=1, le=5),
]
_Time = Annotated[
    str | None,
    Query(
        description="ISO 8601 with an offset: the reading of this time, or the latest before; without it, the latest",
        examples=["2026-11-24T08:00:00+08:00"],
    ),
]


@router.get("/sections/changes", responses=answers(ChangesAnswer, 404, 422))
def changes(
    services: Given,
    *,
    at: _Day = None,
    section: _Section = None,
    everything: _All = False,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """Sections whose class got worse or better: against reading, day, month and year before, and their target."""
    day, number = None if at is None else date("at", at), moment(services, as_of)
    return json_answer(
        changes_answer(services, day, number, as_of, section=section, everything=everything, explain=explain)
    )


@router.get("/sections/{subject}/periods", responses=answers(PeriodsAnswer, 404, 422))
def periods(
    services: Given,
    subject: SubjectPath,
    start: DateFrom,
    end: DateTo,
    by: _By,
    *,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """A section over the days, weeks, months or years that ``[start, end)`` lies in, each told whole."""
    days, at = dates(start, end, _MOST_DAYS, _BY_PARTS), moment(services, as_of)
    return json_answer(periods_answer(services, subject, days, by, at, as_of, explain=explain))


@router.get("/sections/{subject}/budget", responses=answers(BudgetAnswer, 404, 422))
def budget(
    services: Given,
    subject: SubjectPath,
    *,
    year: _Year = None,
    target: _Class = None,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """How low each item of a section must stay over the rest of a year for its class (年度达标余量)."""
    at = moment(services, as_of)
    return json_answer(budget_answer(services, subject, year, at, as_of, target=target, explain=explain))


@router.get("/sections/{subject}/explain", responses=answers(ReadingExplainedAnswer, 404, 422))
def explain_reading(services: Given, subject: SubjectPath, time: _Time = None, as_of: AsOf = None) -> Response:
    """How the real-time class of a reading of a section came about."""
    at = moment(services, as_of)
    asked = services.now() // 1_000_000 + DAY if time is None else instant("time", time)
    return json_answer(reading_explained(services, subject, asked, at))


@router.get("/water/shares", responses=answers(SharesAnswer, 422))
def shares(
    services: Given,
    start: DateFrom,
    end: DateTo,
    *,
    city: _City = None,
    river: _River = None,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """Classes of the sections over ``[start, end)``: shares, compliance, rivers and lakes, change."""
    days, at = at_least_a_day(dates(start, end, _MOST_SHARED_DAYS, "ask for a year at most")), moment(services, as_of)
    return json_answer(shares_answer(services, days, at, as_of, city=city, river=river, explain=explain))
