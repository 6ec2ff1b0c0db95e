"""What is done by the clock: how far it has come, and the reports that came of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import A_YEAR, DateFrom, DateTo, Given, dates
from qingchuan.api.queries.reports import reports_answer
from qingchuan.api.queries.schedule import schedule_answer
from qingchuan.api.schemas.reports import ReportsAnswer
from qingchuan.api.schemas.schedule import ScheduleAnswer
from qingchuan.store.reports import ReportKind

router = APIRouter(tags=["service"])

KindQuery = Annotated[ReportKind, Query(description="Reports on natural days, or on months")]


@router.get("/schedule", responses=answers(ScheduleAnswer))
def schedule(services: Given) -> Response:
    """The work that is done by the clock, with the last period for which it is done."""
    return json_answer(schedule_answer(services))


@router.get("/reports", responses=answers(ReportsAnswer, 422))
def reports(services: Given, start: DateFrom, end: DateTo, kind: KindQuery = "day") -> Response:
    """Reports (日报, 月报) as they were made and sent, each with the head of the journal of then."""
    return json_answer(reports_answer(services, kind, dates(start, end, A_YEAR, "ask year by year")))
