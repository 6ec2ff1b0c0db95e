"""The water: readings of sections and their classes."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import AsOf, Given, InstantFrom, InstantTo, SubjectPath, instants, moment
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.water import section_readings
from qingchuan.api.queries.water_answers import reading_answers
from qingchuan.api.schemas.water import ClassesAnswer
from qingchuan.store.subjects import Section

router = APIRouter(tags=["water"])

_MOST_DAYS: Final = 5 * 366


@router.get("/sections/{subject}/classes", responses=answers(ClassesAnswer, 404, 422))
def classes(services: Given, subject: SubjectPath, start: InstantFrom, end: InstantTo, as_of: AsOf = None) -> Response:
    """Readings of a section in ``[start, end)``, each with the class (水质类别) of the section at that moment."""
    span, at = instants(start, end, _MOST_DAYS, "ask for one part after the other"), moment(services, as_of)
    section, _ = find(services, subject, Section, at)
    readings = section_readings(services.observations, {subject: section}, span, at)[subject]
    told = reading_answers(readings)
    return json_answer(ClassesAnswer(subject, section.name, section.water_body, section.simulated, at, told))
