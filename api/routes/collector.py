"""What became of the messages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import Given
from qingchuan.api.schemas.service import (
    CollectorAnswer,
    SubjectCounts,
    SubjectCountsAnswer,
)

router = APIRouter(tags=["collector"])


@router.get("/collector", responses=answers(CollectorAnswer))
def collector(services: Given) -> Response:
    """Counts of the messages: received = applied + duplicate + dead_letter + waiting."""
    sequence = services.observations.sequence()
    return json_answer(CollectorAnswer(sequence, **services.counting.in_all()._asdict()))


@router.get("/collector/subjects", responses=answers(SubjectCountsAnswer))
def subject_counts(services: Given) -> Response:
    """Counts of the messages about each subject; null while very many wait, for then it is not looked up."""
    found = services.counting.by_subject()
    told = [SubjectCounts(subject or None, **counts._asdict()) for subject, counts in (found or {}).items()]
    return json_answer(SubjectCountsAnswer(services.observations.sequence(), None if found is None else told))
