"""What became of the messages, and what was refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from qingchuan.api.answering import iso_time, json_answer
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import LARGEST, Given, Limit
from qingchuan.api.schemas.service import (
    CollectorAnswer,
    DeadLetter,
    DeadLettersAnswer,
    DeadLetterTotal,
    SubjectCounts,
    SubjectCountsAnswer,
)
from qingchuan.store.state import DeadLetter as Refused

router = APIRouter(tags=["collector"])

BeforeQuery = Annotated[
    int | None, Query(description="Only those of messages before this one", examples=[1042], ge=0, le=LARGEST)
]


@router.get("/dead-letters", responses=answers(DeadLettersAnswer, 422))
def dead_letters(services: Given, limit: Limit = 100, before: BeforeQuery = None) -> Response:
    """What was refused and why, newest first; the payloads are in the journal."""
    messages, values = services.state.count_dead_letters()
    newest = [_dead_letter(letter) for letter in services.state.dead_letters(limit, before)]
    return json_answer(DeadLettersAnswer(DeadLetterTotal(messages, values), newest))


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


def _dead_letter(letter: Refused) -> DeadLetter:
    received = iso_time(letter.received // 1_000_000)
    return DeadLetter(letter.sequence, letter.item, received, letter.topic, letter.code, letter.reason)
