"""What was refused: looked for, exported, and applied again."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from qingchuan.api.answering import json_answer
from qingchuan.api.openapi import Body, answers
from qingchuan.api.parameters import LARGEST, Given, Limit
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.dead_letter_export import as_csv, as_json_lines
from qingchuan.api.queries.dead_letters import apply_again, letters_answer, message_answer, moments, with_payloads
from qingchuan.api.schemas.dead_letters import AgainAnswer, AgainBody, DeadLetterMessage, DeadLettersAnswer, ToApply
from qingchuan.api.writing import Guarded
from qingchuan.store.dead_letters import Range, Wanted

router = APIRouter(tags=["dead letters"])

_MOST_RANGES: Final = 10_000
_FORMATS: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "jsonl": (as_json_lines, "application/x-ndjson"),
}
_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A line a letter, the oldest first, with the payload of its message",
        "content": {"text/csv": {}, "application/x-ndjson": {}},
    }
}

BeforeQuery = Annotated[
    int | None, Query(description="Only those of messages before this one", examples=[1042], ge=0, le=LARGEST)
]
FormatQuery = Annotated[Literal["csv", "jsonl"], Query(description="CSV for a spreadsheet, or JSON lines")]
SequencePath = Annotated[int, Path(description="Number of the message", examples=[1042], ge=0, le=LARGEST)]


def wanted(
    subject: Annotated[
        str | None, Query(description="Only those about this subject; empty: about nobody known", examples=["1235A"])
    ] = None,
    topic: Annotated[str, Query(description="Only those whose topic contains this text")] = "",
    code: Annotated[str | None, Query(description="Only those of this kind", examples=["unknown-subject"])] = None,
    text: Annotated[str, Query(description="Only those whose reason contains this text")] = "",
    start: Annotated[
        str | None, Query(description="Only those received at this time or later: ISO 8601, or a natural day")
    ] = None,
    end: Annotated[str | None, Query(description="Only those received before this time")] = None,
    settled: Annotated[bool | None, Query(description="Whether they were applied after all")] = None,
) -> Wanted:
    """Which dead letters a query asks for."""
    since, until = moments(start, end)
    return Wanted(subject, topic, code, text, since, until, settled)


GivenWanted = Annotated[Wanted, Depends(wanted)]


@router.get("/dead-letters", responses=answers(DeadLettersAnswer, 422))
def dead_letters(services: Given, chosen: GivenWanted, limit: Limit = 100, before: BeforeQuery = None) -> Response:
    """What was refused and why, newest first, and how much by kind of the reason (死信)."""
    return json_answer(letters_answer(services, chosen, limit, before))


@router.get("/dead-letters/export", responses=_EXPORTED, response_class=Response)
def export(services: Given, chosen: GivenWanted, format: FormatQuery = "csv") -> Response:  # noqa: A002 - its name in the query
    """The same with the payloads as a file, oldest first: CSV that a spreadsheet opens, or JSON lines."""
    write, media_type = _FORMATS[format]
    headers = {"content-disposition": f'attachment; filename="dead-letters.{format}"', "cache-control": "no-store"}
    return StreamingResponse(write(with_payloads(services, chosen)), 200, headers, media_type)


@router.get("/dead-letters/{sequence}", responses=answers(DeadLetterMessage, 404, 422))
def dead_letter(services: Given, sequence: SequencePath) -> Response:
    """A message of which something was refused, with its payload as it arrived."""
    return json_answer(message_answer(services, sequence))


async def given_body(request: Request) -> AgainBody:
    """What the body says.

    Raises
    ------
    ProblemError
        It is no such JSON.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "no-json", "the body is application/json, see /api/v1/openapi.json")
    try:
        return msgspec.json.decode(await request.body(), type=AgainBody)
    except msgspec.DecodeError as error:
        raise ProblemError(422, "wrong-body", f"the body does not fit: {error} (/api/v1/openapi.json)") from error


@router.post(
    "/dead-letters/again", responses=answers(AgainAnswer, 403, 404, 415, 422, 503), openapi_extra=Body(AgainBody)
)
def again(services: Given, _: Guarded, body: Annotated[AgainBody, Depends(given_body)]) -> Response:
    """Have dead letters applied again by what is known now: appended to the journal, applied in its turn.

    From this machine only, until there is a login.
    """
    if not body.by.strip() or not body.reason.strip():
        raise ProblemError(422, "wrong-body", "by and reason are empty; who says so, and what was mended, would do")
    return json_answer(apply_again(services, _chosen(body), body.by, body.reason))


def _chosen(body: AgainBody) -> Wanted:
    if (body.filter is None) == (body.sequences is None):
        detail = "the body has both of filter and sequences, or none; exactly one would do (/api/v1/openapi.json)"
        raise ProblemError(422, "wrong-body", detail)
    told = body.filter or ToApply()
    since, until = moments(told.start, told.end)
    return Wanted(told.subject, told.topic, told.code, told.text, since, until, None, _ranges(body.sequences))


def _ranges(sequences: list[Range] | None) -> tuple[Range, ...] | None:
    if sequences is None:
        return None
    if len(sequences) > _MOST_RANGES or any(not 0 <= number <= LARGEST for pair in sequences for number in pair):
        detail = f"sequences has {len(sequences)} ranges; at most {_MOST_RANGES}, of numbers of messages, would do"
        raise ProblemError(422, "wrong-body", detail)
    return tuple(sequences)
