"""Months that were published (发布): their bytes, and what differs since."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import Body, answers
from qingchuan.api.parameters import AsOf, Given, moment
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.publications import (
    bytes_of,
    difference_answer,
    order_of,
    publications_answer,
    publish,
    version_of,
)
from qingchuan.api.routes.imports import given_payload
from qingchuan.api.schemas.publications import (
    DifferenceAnswer,
    PublicationBody,
    PublicationsAnswer,
    PublicationTaken,
)
from qingchuan.api.writing import Guarded
from qingchuan.store.publications import Document

router = APIRouter(tags=["publications"])

_MonthPath = Annotated[str, Path(description="A calendar month", examples=["2018-08"])]
_VersionPath = Annotated[int, Path(description="From 1", examples=[1], ge=1, le=1_000_000)]
_Month = Annotated[str | None, Query(description="Only of this month", examples=["2018-08"])]


@router.get("/publications", responses=answers(PublicationsAnswer, 422))
def listed(services: Given, month: _Month = None, as_of: AsOf = None) -> Response:
    """The months that were published (已发布), with the hash of each version."""
    return json_answer(publications_answer(services, month, moment(services, as_of)))


@router.get("/publications/{month}/difference", responses=answers(DifferenceAnswer, 404, 409, 422))
def difference(services: Given, month: _MonthPath) -> Response:
    """What came after a month was published, and which of its figures would differ now; the newest version counts."""
    return json_answer(difference_answer(services, month))


@router.get("/publications/{month}/{version}", responses=answers(Document, 404, 422))
def document(services: Given, month: _MonthPath, version: _VersionPath) -> Response:
    """A month as it was published, byte for byte; the ETag is the SHA-256 of the bytes."""
    publication = version_of(services, month, version)
    headers = {"etag": f'"{publication.sha256}"', "cache-control": "public, max-age=31536000, immutable"}
    return Response(bytes_of(services, publication), media_type="application/json", headers=headers)


@router.post(
    "/publications",
    responses=answers(PublicationTaken, 403, 404, 409, 415, 422, 503),
    openapi_extra=Body(PublicationBody),
)
def take(services: Given, _: Guarded, payload: Annotated[bytes, Depends(given_payload)]) -> Response:
    """Publish a month of the data as they are now; one that was published gets another version only when unlocked.

    From this machine only, until there is a login.
    """
    try:
        body = msgspec.json.decode(payload, type=PublicationBody)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProblemError(422, "wrong-body", f"the body does not fit: {error} (/api/v1/openapi.json)") from error
    return json_answer(publish(services, order_of(services, body)))
