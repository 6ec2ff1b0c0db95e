"""What changed between two messages, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import Given, sequence_of
from qingchuan.api.queries.between import between
from qingchuan.api.queries.what_changed import what_changed
from qingchuan.api.schemas.revisions import RevisionsAnswer

router = APIRouter(tags=["revisions"])

_MOMENT = "the number of a message, or a time (ISO 8601 with an offset): the last message received by then"
FromQuery = Annotated[str, Query(alias="from", description=f"As it was after {_MOMENT}", examples=["1041"])]
ToQuery = Annotated[
    str | None, Query(alias="to", description=f"As `from`: {_MOMENT}; without it, now", examples=["1042"])
]
SubjectQuery = Annotated[
    str | None, Query(description="Only figures that rest on this city, station or section", examples=["330200"])
]
PeriodQuery = Annotated[
    str | None,
    Query(
        description="Only figures of this day, month or year. Of a year, also its own figures. Without it, of all days "
        "and months that readings touch; what stations announced is then told, and not followed into every day",
        examples=["2026-11", "2026-11-24", "2026"],
    ),
]


@router.get("/revisions", responses=answers(RevisionsAnswer, 422))
def revisions(
    services: Given, start: FromQuery, end: ToQuery = None, subject: SubjectQuery = None, period: PeriodQuery = None
) -> Response:
    """Figures that differ between two messages (修订): old and new, and the readings that came late or were corrected.

    Days, months, indices, ranks and classes of days that were over at the first message, over the same days.
    """
    first, last = sequence_of(services, start, "from"), None if end is None else sequence_of(services, end, "to")
    return json_answer(what_changed(between(services, first, last, subject, period)))
