"""The water: readings of sections and their classes."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import AsOf, Given, InstantFrom, InstantTo, SubjectPath, instants, moment
from qingchuan.api.queries.revision import states_of_times
from qingchuan.api.queries.samples import section_samples_told
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.water import section_readings
from qingchuan.api.queries.water_answers import reading_answers
from qingchuan.api.schemas.samples import SampledBy, SamplesAnswer
from qingchuan.api.schemas.water import ClassesAnswer
from qingchuan.processing import catalogue
from qingchuan.store.subjects import Section

router = APIRouter(tags=["water"])

_MOST_DAYS: Final = 5 * 366
_BY_PARTS: Final = "ask for one part after the other"

_Sampled = Annotated[
    SampledBy, Query(description="manual: of a laboratory (手工监测); automatic: of the station (自动监测)")
]


@router.get("/sections/{subject}/classes", responses=answers(ClassesAnswer, 404, 422))
def classes(services: Given, subject: SubjectPath, start: InstantFrom, end: InstantTo, as_of: AsOf = None) -> Response:
    """Readings of a section in ``[start, end)``, each with the class (水质类别) of the section at that moment."""
    span, at = instants(start, end, _MOST_DAYS, _BY_PARTS), moment(services, as_of)
    section, _ = find(services, subject, Section, at)
    readings = section_readings(services.observations, {subject: section}, span, at)[subject]
    states = states_of_times(services, [subject], catalogue.told("instant"), readings.times, readings.sequence, at)
    told = reading_answers(readings, states)
    return json_answer(ClassesAnswer(subject, section.name, section.water_body, section.simulated, at, told))


@router.get("/sections/{subject}/samples", responses=answers(SamplesAnswer, 404, 422))
def samples(
    services: Given,
    subject: SubjectPath,
    start: InstantFrom,
    end: InstantTo,
    sampled: _Sampled = "manual",
    as_of: AsOf = None,
) -> Response:
    """Samples of a section in ``[start, end)``, with all items of GB 3838 (tables 1 to 3) and detection limits."""
    span, at = instants(start, end, _MOST_DAYS, _BY_PARTS), moment(services, as_of)
    section, _ = find(services, subject, Section, at)
    items, told = section_samples_told(services.observations, subject, section, sampled, span, at)
    return json_answer(SamplesAnswer(subject, section.name, section.simulated, at, sampled, items, told))
