"""The ranking of the key cities."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import A_YEAR, AsOf, DateFrom, DateTo, Given, dates
from qingchuan.api.queries.ranking import narrowed, ranking
from qingchuan.api.schemas.ranking import By, RankingAnswer

router = APIRouter(tags=["air"])

_Region = Annotated[
    str | None,
    Query(
        description="Only cities of this key region; ranks stay among all", examples=["长三角", "Yangtze River Delta"]
    ),
]
_RankedBy = Annotated[
    By,
    Query(description="Composite index, good-air rate, or change of the index against the same period of last year"),
]
_ExplainCity = Annotated[
    str | None, Query(description="Explain the rank of this key city, by its six digits", examples=["330200"])
]


@router.get("/ranking", responses=answers(RankingAnswer, 422))
def ranking_of_cities(
    services: Given,
    start: DateFrom,
    end: DateTo,
    by: _RankedBy = "index",
    region: _Region = None,
    explain_city: _ExplainCity = None,
    as_of: AsOf = None,
) -> Response:
    """The key cities (重点城市) of the last day of ``[start, end)``, ranked by the days that are over."""
    period = dates(start, end, A_YEAR, "ask for a year at most")
    answer = ranking(services, period, by, as_of=as_of, explain_city=explain_city)
    return json_answer(narrowed(answer, region))
