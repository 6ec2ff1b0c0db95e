"""Who is observed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import AsOf, Given, moment
from qingchuan.api.schemas import subjects as schemas
from qingchuan.api.schemas.subjects import StationsAnswer
from qingchuan.store import subjects

router = APIRouter(tags=["stations"])

_Entry = schemas.AirStation | schemas.Section | schemas.Site | schemas.City

KindQuery = Annotated[
    Literal["air-station", "section", "site", "city"] | None, Query(description="Only those of this kind")
]


@router.get("/stations", responses=answers(StationsAnswer, 422))
def stations(services: Given, kind: KindQuery = None, as_of: AsOf = None) -> Response:
    """Air stations (空气站), sections (断面), sites (监控点位) and cities, as they announced themselves."""
    at = moment(services, as_of)
    found = services.state.subjects(kind, at)
    return json_answer(StationsAnswer(at, [_entry(name, subject) for name, subject in found.items()]))


def _entry(name: str, subject: subjects.Subject) -> _Entry:
    announced = msgspec.structs.asdict(subject)
    match subject:
        case subjects.AirStation():
            return schemas.AirStation(subject=name, **announced)
        case subjects.Section():
            return schemas.Section(subject=name, **announced)
        case subjects.Site():
            return schemas.Site(subject=name, **announced)
        case subjects.City():
            return schemas.City(subject=name, **announced)
