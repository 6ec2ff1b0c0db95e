"""Questions about a city: statistics, editions side by side, what costs most, the day in progress."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import THREE_YEARS, AsOf, CityPath, DateFrom, Dates, DateTo, Explain, Given, dates
from qingchuan.api.queries.city_editions import editions_answer
from qingchuan.api.queries.contributions import contributions_answer
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.queries.today import today_answer
from qingchuan.api.schemas.city_editions import EditionsAnswer
from qingchuan.api.schemas.contributions import ContributionsAnswer
from qingchuan.api.schemas.statistics import StatisticsAnswer
from qingchuan.api.schemas.today import TodayAnswer

router = APIRouter(tags=["air"])


@router.get("/cities/{code}/statistics", responses=answers(StatisticsAnswer, 404, 422))
def statistics_of_city(
    services: Given, code: CityPath, start: DateFrom, end: DateTo, *, explain: Explain = False, as_of: AsOf = None
) -> Response:
    """Means, percentiles, attainment, rates by name and composite indices over the days of ``[start, end)``."""
    return json_answer(statistics(services, code, _period(start, end), as_of=as_of, explain=explain))


@router.get("/cities/{code}/editions", responses=answers(EditionsAnswer, 404, 422))
def editions_of_city(
    services: Given, code: CityPath, start: DateFrom, end: DateTo, *, explain: Explain = False, as_of: AsOf = None
) -> Response:
    """The days of ``[start, end)`` under HJ 633—2012 and —2026, and under the limits in force from 2031."""
    return json_answer(editions_answer(services, code, _period(start, end), as_of=as_of, explain=explain))


@router.get("/cities/{code}/contributions", responses=answers(ContributionsAnswer, 404, 422))
def contributions_of_city(
    services: Given, code: CityPath, start: DateFrom, end: DateTo, *, explain: Explain = False, as_of: AsOf = None
) -> Response:
    """Which station, pollutant and day of ``[start, end)`` cost most in good-air rate, composite index and rank."""
    return json_answer(contributions_answer(services, code, _period(start, end), as_of=as_of, explain=explain))


@router.get("/cities/{code}/today", responses=answers(TodayAnswer, 404, 422))
def today_of_city(services: Given, code: CityPath, *, explain: Explain = False, as_of: AsOf = None) -> Response:
    """The day in progress: means since 1:00, provisional AQI, and what the remaining hours may reach at most."""
    return json_answer(today_answer(services, code, as_of=as_of, explain=explain))


def _period(start: str, end: str) -> Dates:
    return dates(start, end, THREE_YEARS, "ask for three years at most")
