"""Whether the service is well, for those who watch over it."""

from __future__ import annotations

import sqlite3

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from qingchuan.api.answering import iso_time, json_answer
from qingchuan.api.metrics import Metrics
from qingchuan.api.openapi import answers
from qingchuan.api.parameters import Given
from qingchuan.api.problems import ProblemError
from qingchuan.api.routes.live import GivenLive
from qingchuan.api.schemas.service import Health

router = APIRouter(tags=["service"])


@router.get("/healthz", responses=answers(Health, 503))
def health(services: Given, live: GivenLive) -> Response:
    """Whether observations and state can be read, and all live documents are up to date."""
    try:
        sequence = services.observations.sequence()
        services.state.count_dead_letters()
    except (sqlite3.Error, SQLAlchemyError, OSError) as error:
        where = services.places.get("data", "the data directory")
        detail = f"the store cannot be read ({error}); look at {where} and at the log of the server"
        raise ProblemError(503, "store-unavailable", detail) from error
    stale = [
        f"{name} has not been built since {iso_time(stale.since // 1_000_000)} ({stale.reason})"
        for name, stale in live.stale.copy().items()
    ]
    if stale:
        detail = f"of the live documents {', '.join(stale)}; everything else is answered; look at the log of the server"
        raise ProblemError(503, "live-stale", detail)
    return json_answer(Health("ok", sequence))


@router.get("/metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Counts and ages, for Prometheus."""
    numbers: Metrics = request.app.state.metrics
    return Response(numbers.text(), media_type=CONTENT_TYPE_LATEST)
