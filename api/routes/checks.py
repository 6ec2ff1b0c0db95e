"""The quality control that stations do themselves."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import iso_time, json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import AsOf, Given, InstantFrom, InstantTo, Limit, instant, instants, moment
from qingchuan.api.queries.checks import checks_answer
from qingchuan.api.queries.days import time_of
from qingchuan.api.schemas.checks import ChecksAnswer
from qingchuan.processing.periods import DAY

router = APIRouter(tags=["completeness"])

_MOST_DAYS: Final = 366
_USUAL_DAYS: Final = 30

SubjectQuery = Annotated[str | None, Query(description="Only those of this subject", examples=["yaojiang"])]
ItemQuery = Annotated[str | None, Query(description="Only those of this item", examples=["nh3n"])]


@router.get("/checks", responses=answers(ChecksAnswer, 422))
def checks(
    services: Given,
    subject: SubjectQuery = None,
    item: ItemQuery = None,
    start: InstantFrom | None = None,
    end: InstantTo | None = None,
    limit: Limit = 100,
    as_of: AsOf = None,
) -> Response:
    """Zero and span checks, standard samples, spikes and parallel samples of stations (质控核查), newest first.

    Without `start` those of the 30 days before `end`, which is now where it is not told. Beside them, of any time, the
    last one of each kind of each item.
    """
    until = iso_time(time_of(services, as_of) // 1_000_000 + DAY) if end is None else end
    begin = iso_time(instant("end", until) - _USUAL_DAYS * DAY) if start is None else start
    span = instants(begin, until, _MOST_DAYS, "ask for a year at most")
    return json_answer(checks_answer(services, span, limit, subject, item, moment(services, as_of)))
