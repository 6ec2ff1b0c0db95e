"""Imports: values and figures that come in over the interface, what was imported, and what was published."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import Answer, Body, answers
from qingchuan.api.parameters import AsOf, Given, Limit, moment
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.imports import imports_answer, take_import
from qingchuan.api.queries.published import published_answer
from qingchuan.api.schemas.file_imports import FileImportAnswer, ImportForm
from qingchuan.api.schemas.imports import ImportAnswer, ImportBody, ImportsAnswer, PublishedAnswer
from qingchuan.api.uploads import Upload, upload_of
from qingchuan.api.writing import Guarded

router = APIRouter(tags=["imports"])

_Subject = Annotated[str | None, Query(description="Only of this subject", examples=["330200"])]
_Figure = Annotated[str | None, Query(description="Only this figure", examples=["rank_composite"])]
_Period = Annotated[
    str | None, Query(description="Only of this month, or of these months", examples=["2025-10", "2025-01/2025-10"])
]


async def given_payload(request: Request) -> bytes:
    """The body, which is JSON.

    Raises
    ------
    ProblemError
        It says that it is something else.
    """
    if _media_type(request) != "application/json":
        raise ProblemError(415, "no-json", "the body is application/json, see /api/v1/openapi.json")
    return await request.body()


async def given_import(request: Request, services: Given) -> bytes | Upload:
    """The body: JSON as it came, or what a form uploads.

    Raises
    ------
    ProblemError
        It is neither.
    """
    kind = _media_type(request)
    if kind == "multipart/form-data":
        return await upload_of(request, services.max_body)
    if kind != "application/json":
        detail = "the body is application/json, or a file as multipart/form-data, see /api/v1/openapi.json"
        raise ProblemError(415, "no-json", detail)
    return await request.body()


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


@router.get("/imports", responses=answers(ImportsAnswer, 422))
def imports(services: Given, limit: Limit = 100) -> Response:
    """Files and requests that were imported (导入), the newest first, and how much of each was refused."""
    return json_answer(imports_answer(services, limit))


@router.post(
    "/imports",
    responses=answers(ImportAnswer, 400, 403, 409, 415, 422, 503) | {200: Answer(ImportAnswer, other=FileImportAnswer)},
    openapi_extra=Body(ImportBody, ImportForm),
)
def take(services: Given, _: Guarded, told: Annotated[bytes | Upload, Depends(given_import)]) -> Response:
    """Import values, such as the official days of cities, published figures, or a file: into the journal, then applied.

    Values and figures come as JSON; a file as a form with its mapping, which is answered with the report that
    qingchuan import prints. What cannot be used costs that value, and is among the dead letters by the topic of the
    answer's digest. From this machine only, until there is a login.
    """
    if isinstance(told, Upload):
        return json_answer(services.import_file(told))
    try:
        body = msgspec.json.decode(told, type=ImportBody)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProblemError(422, "wrong-body", f"the body does not fit: {error} (/api/v1/openapi.json)") from error
    return json_answer(take_import(services, body, told))


@router.get("/published", responses=answers(PublishedAnswer, 422))
def published(
    services: Given, subject: _Subject = None, figure: _Figure = None, period: _Period = None, as_of: AsOf = None
) -> Response:
    """Figures that others published, such as the official ranks (官方发布), as they were imported."""
    return json_answer(published_answer(services, subject, figure, period, moment(services, as_of)))
