"""What the quality tests found of instruments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import LARGEST, Given, Limit
from qingchuan.api.queries.faults import faults_answer
from qingchuan.api.schemas.faults import FaultsAnswer

router = APIRouter(tags=["completeness"])

SubjectQuery = Annotated[str | None, Query(description="Only those of this subject", examples=["yaojiang"])]
OpenQuery = Annotated[
    bool | None, Query(alias="open", description="true: only those that last; false: only those that are over")
]
BeforeQuery = Annotated[
    int | None,
    Query(description="Only those whose newest message is earlier than this", examples=[1042], ge=0, le=LARGEST),
]


@router.get("/faults", responses=answers(FaultsAnswer, 422))
def faults(
    services: Given,
    subject: SubjectQuery = None,
    is_open: OpenQuery = None,
    limit: Limit = 100,
    before: BeforeQuery = None,
) -> Response:
    """Values that look like a fault of an instrument (仪器故障): stuck, zero, out of range; newest first."""
    return json_answer(faults_answer(services, limit, before, subject, is_open=is_open))
