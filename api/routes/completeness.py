"""What is missing, and why."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import (
    LARGEST,
    AsOf,
    CityPath,
    DateFrom,
    Dates,
    DateTo,
    Given,
    Limit,
    SubjectPath,
    dates,
    moment,
)
from qingchuan.api.queries.completeness_answers import city_completeness_answer, completeness_answer
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.traces import clocks_answer, gaps_answer, windows_answer
from qingchuan.api.schemas.completeness import CompletenessAnswer
from qingchuan.api.schemas.traces import ClocksAnswer, GapsAnswer, WindowsAnswer
from qingchuan.store.subjects import AirStation, City, Section, Site
from qingchuan.store.traces import GapState

router = APIRouter(tags=["completeness"])

_MOST_DAYS: Final = 366

BeforeQuery = Annotated[
    int | None, Query(description="Only those that were noticed before this message", examples=[1042], ge=0, le=LARGEST)
]
SubjectQuery = Annotated[str | None, Query(description="Only those of this subject", examples=["1235A"])]
StateQuery = Annotated[GapState | None, Query(description="Only those in this state")]


@router.get("/stations/{subject}/completeness", responses=answers(CompletenessAnswer, 404, 422))
def completeness_of_station(
    services: Given, subject: SubjectPath, start: DateFrom, end: DateTo, as_of: AsOf = None
) -> Response:
    """Hours of an air station: expected, there, and missing by cause, per day and month (数据完整率与缺测原因)."""
    period = _period(start, end)
    found, _ = find(services, subject, AirStation, moment(services, as_of))
    return json_answer(completeness_answer(services, subject, found, period, as_of))


@router.get("/cities/{code}/completeness", responses=answers(CompletenessAnswer, 404, 422))
def completeness_of_city(services: Given, code: CityPath, start: DateFrom, end: DateTo, as_of: AsOf = None) -> Response:
    """Hours of the stations that are evaluated for a city, added up: expected, there, and missing by cause."""
    period = _period(start, end)
    _, subjects = find(services, code, City, moment(services, as_of))
    return json_answer(city_completeness_answer(services, code, subjects, period, as_of))


@router.get("/sections/{subject}/completeness", responses=answers(CompletenessAnswer, 404, 422))
def completeness_of_section(
    services: Given, subject: SubjectPath, start: DateFrom, end: DateTo, as_of: AsOf = None
) -> Response:
    """Readings of a section by the cycle of each item: expected, there, and missing by cause, per day and month."""
    period = _period(start, end)
    found, _ = find(services, subject, Section, moment(services, as_of))
    return json_answer(completeness_answer(services, subject, found, period, as_of))


@router.get("/sites/{subject}/completeness", responses=answers(CompletenessAnswer, 404, 422))
def completeness_of_site(
    services: Given, subject: SubjectPath, start: DateFrom, end: DateTo, as_of: AsOf = None
) -> Response:
    """Hours of a site, of the items that it has begun to tell: expected, there, and missing by cause."""
    period = _period(start, end)
    found, _ = find(services, subject, Site, moment(services, as_of))
    return json_answer(completeness_answer(services, subject, found, period, as_of))


@router.get("/collector/gaps", responses=answers(GapsAnswer, 422))
def gaps(
    services: Given,
    limit: Limit = 100,
    before: BeforeQuery = None,
    subject: SubjectQuery = None,
    state: StateQuery = None,
) -> Response:
    """Numbers that stations passed over when they counted their messages (缺号), newest first."""
    return json_answer(gaps_answer(services, limit, before, subject, state))


@router.get("/collector/windows", responses=answers(WindowsAnswer, 422))
def windows(services: Given, limit: Limit = 100, before: BeforeQuery = None) -> Response:
    """When service or broker were away, or messages may have been lost, newest first."""
    return json_answer(windows_answer(services, limit, before))


@router.get("/collector/clocks", responses=answers(ClocksAnswer))
def clocks(services: Given) -> Response:
    """How the clock of each subject goes; an offset of whole hours is a wrong time zone."""
    return json_answer(clocks_answer(services))


def _period(start: str, end: str) -> Dates:
    return dates(start, end, _MOST_DAYS, "ask for a year at most")
