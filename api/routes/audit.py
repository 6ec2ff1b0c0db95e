"""The audit (审核): what auditors do, and what they did."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import Body, answers
from qingchuan.api.parameters import LARGEST, AsOf, DateFrom, Given, Limit, SubjectPath, date, instant, moment
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.audit import audit_of, take_audit, trail_answer
from qingchuan.api.queries.audit_day import audit_day
from qingchuan.api.routes.imports import given_payload
from qingchuan.api.schemas.audit import AuditAnswer, AuditBody, AuditDay, AuditTaken
from qingchuan.api.writing import Guarded

router = APIRouter(tags=["audit"])

_Subject = Annotated[str | None, Query(description="Only about this subject", examples=["1235A"])]
_Start = Annotated[
    str | None,
    Query(description="Only on values of this time or later: ISO 8601, or a natural day", examples=["2026-11-24"]),
]
_End = Annotated[str | None, Query(description="Only on values before this time", examples=["2026-11-25"])]
_Before = Annotated[int | None, Query(description="Only of messages before this one", ge=0, le=LARGEST)]


@router.get("/audit", responses=answers(AuditAnswer, 422))
def trail(
    services: Given,
    subject: _Subject = None,
    start: _Start = None,
    end: _End = None,
    limit: Limit = 100,
    before: _Before = None,
    as_of: AsOf = None,
) -> Response:
    """What auditors did (审核记录), the newest first: who, at which step, why, when, and what it changed."""
    since, until = (None if text is None else instant(name, text) for name, text in (("start", start), ("end", end)))
    at = moment(services, as_of)
    return json_answer(trail_answer(services, subject, since, until, limit, before=before, as_of=at))


@router.get("/audit/{subject}/day", responses=answers(AuditDay, 404, 422))
def day(services: Given, subject: SubjectPath, day: DateFrom) -> Response:
    """A natural day of a subject as an auditor looks at it: values, flags, official values, and what was done."""
    return json_answer(audit_day(services, subject, date("day", day)))


@router.post("/audit", responses=answers(AuditTaken, 403, 415, 422, 503), openapi_extra=Body(AuditBody))
def take(services: Given, _: Guarded, payload: Annotated[bytes, Depends(given_payload)]) -> Response:
    """Mark values invalid, correct or restore them, declare dust, confirm days, object to official values.

    Where one of the actions cannot be done, none is, and the answer says why. Else they are appended to the journal,
    and applied in their turn. From this machine only, until there is a login.
    """
    try:
        body = msgspec.json.decode(payload, type=AuditBody)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProblemError(422, "wrong-body", f"the body does not fit: {error} (/api/v1/openapi.json)") from error
    return json_answer(take_audit(services, audit_of(services, body)))
