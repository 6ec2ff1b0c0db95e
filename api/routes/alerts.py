"""Alerts: episodes and what became of their notices."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.alerts.queries import episodes
from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import LARGEST, Given, Limit
from qingchuan.api.queries.alerts import alert_answers, judged_to
from qingchuan.api.schemas.alerts import Alerts

router = APIRouter(tags=["alerts"])

StateQuery = Annotated[Literal["open", "closed", "retracted"] | None, Query(description="Only those in this state")]
SubjectQuery = Annotated[str | None, Query(description="Only those of this subject", examples=["330200-yaojiang"])]
BeforeQuery = Annotated[
    int | None, Query(description="Only those that come after the alert of this id in the answer", ge=0, le=LARGEST)
]


@router.get("/alerts", responses=answers(Alerts, 422))
def alerts(
    services: Given,
    state: StateQuery = None,
    subject: SubjectQuery = None,
    limit: Limit = 100,
    before: BeforeQuery = None,
) -> Response:
    """Episodes of the alert rules, newest first by the time they opened, and up to which message these were applied."""
    sequence = judged_to(services)
    found = episodes(services.state.engine, state=state, subject=subject, limit=limit, before=before)
    return json_answer(Alerts(sequence, alert_answers(services, found)))
