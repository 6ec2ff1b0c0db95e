"""The rest of a period: what it must be to reach a target, and to gain places in the ranking."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import A_YEAR, AsOf, CityPath, DateFrom, Dates, DateTo, Explain, Given, dates
from qingchuan.api.queries.city_budgets import Targets, budget_answer
from qingchuan.api.queries.what_if import what_if_answer
from qingchuan.api.schemas.budgets import CityBudgetAnswer
from qingchuan.api.schemas.what_if import WhatIfAnswer

router = APIRouter(tags=["air"])

_MOST_PLACES: Final = 168
_MOST_CONCENTRATION: Final = 1000

RateTarget = Annotated[
    float | None, Query(description="Good-air rate of the whole period [%]", ge=0, le=100, examples=[86.8])
]
MeanTarget = Annotated[
    int | None,
    Query(description="Mean of PM2.5 of the whole period [µg/m³]", ge=0, le=_MOST_CONCENTRATION, examples=[30]),
]
HeavyTarget = Annotated[
    int | None, Query(description="Days of heavy pollution in the whole period [d]", ge=0, le=A_YEAR, examples=[2])
]
Gain = Annotated[int, Query(description="Places to gain", ge=1, le=_MOST_PLACES)]


@router.get("/cities/{code}/budget", responses=answers(CityBudgetAnswer, 404, 422))
def budget(  # noqa: PLR0913 - each is a parameter of the query
    services: Given,
    code: CityPath,
    start: DateFrom,
    end: DateTo,
    target: RateTarget = None,
    pm25_target: MeanTarget = None,
    heavy_target: HeavyTarget = None,
    *,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """What the remaining days of ``[start, end)`` must be for the targets, and how likely that is by earlier years."""
    targets = Targets(target, pm25_target, heavy_target)
    return json_answer(budget_answer(services, code, _period(start, end), targets, as_of=as_of, explain=explain))


@router.get("/cities/{code}/what-if", responses=answers(WhatIfAnswer, 404, 422))
def what_if(
    services: Given,
    code: CityPath,
    start: DateFrom,
    end: DateTo,
    gain: Gain = 1,
    *,
    explain: Explain = False,
    as_of: AsOf = None,
) -> Response:
    """What each pollutant must be over the remaining days of ``[start, end)`` for the city to gain places."""
    return json_answer(what_if_answer(services, code, _period(start, end), gain, as_of=as_of, explain=explain))


def _period(start: str, end: str) -> Dates:
    return dates(start, end, A_YEAR, "ask for a year at most")
