"""The live documents, by request and as server-sent events."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from qingchuan.api.changes import Domain
from qingchuan.api.live import Live
from qingchuan.api.openapi import answers
from qingchuan.api.schemas.air import Air
from qingchuan.api.schemas.water import Water

router = APIRouter(tags=["live"])

_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "As it was when the client had this ETag"}}
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Events alerts, water and air: their data are the live documents, their id the sequence number; "
            "and beat, every 15 seconds when nothing else is sent"
        ),
        "content": {"text/event-stream": {}},
    }
}


def given_live(request: Request) -> Live:
    """The live documents of the application."""
    live: Live = request.app.state.live
    return live


GivenLive = Annotated[Live, Depends(given_live)]


@router.get("/air/live", responses={**answers(Air, 503), **_UNCHANGED})
async def air_live(request: Request, live: GivenLive) -> Response:
    """The air now: the last 24 hours of all stations and cities, the year of the cities."""
    return _answer(request, live, "air")


@router.get("/water/live", responses={**answers(Water, 503), **_UNCHANGED})
async def water_live(request: Request, live: GivenLive) -> Response:
    """The water now: latest reading and last seven days of all sections."""
    return _answer(request, live, "water")


@router.get("/events", responses=_EVENTS)
async def events(live: GivenLive) -> Response:
    """Server-sent events: all live documents at once, then each when it changes."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(live.stream.follow(live.events), 200, headers, "text/event-stream")


def _answer(request: Request, live: Live, name: Domain) -> Response:
    etag, body = live.answer(name)
    headers = {"etag": etag, "cache-control": "no-cache"}
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")
