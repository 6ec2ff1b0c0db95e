"""The web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from qingchuan.api.live import Live
from qingchuan.api.metrics import Metrics
from qingchuan.api.openapi import document
from qingchuan.api.pages.frame import no_page
from qingchuan.api.parameters import refuse_unknown
from qingchuan.api.problems import add_handlers, http_error
from qingchuan.api.routes import (
    air,
    alerts,
    audit,
    checks,
    collector,
    completeness,
    dead_letters,
    faults,
    health,
    imports,
    live,
    page,
    pages,
    publications,
    questions,
    ranking,
    rest_of_period,
    revisions,
    schedule,
    sites,
    stations,
    water,
    water_questions,
)
from qingchuan.api.security import BodyLimit, HostCheck, SecurityHeaders
from qingchuan.api.services import Services
from qingchuan.api.stream import Stream

PREFIX = "/api/v1"
_VERSIONED = (
    stations,
    air,
    ranking,
    questions,
    rest_of_period,
    revisions,
    water,
    water_questions,
    sites,
    live,
    alerts,
    collector,
    schedule,
    dead_letters,
    completeness,
    checks,
    faults,
    imports,
    audit,
    publications,
)
_PLAIN = (health, page, pages)


def create_app(services: Services) -> FastAPI:
    """The application on `services`: REST and live stream under ``/api/v1``, page, health, metrics.

    Parameters
    ----------
    services : Services

    Returns
    -------
    FastAPI
        ``app.state.live`` has the live documents; closing its stream ends what clients follow (`Server` does).
    """
    app = _Application(
        title="Qingchuan 晴川",
        version=services.version,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.live = Live(services, Stream())
    app.state.metrics = Metrics(services, app.state.live)
    strict = [Depends(refuse_unknown)]
    for module in _VERSIONED:
        app.include_router(module.router, prefix=PREFIX, dependencies=strict)
    app.include_router(health.router, dependencies=strict)
    for module in (page, pages):  # messengers add parameters of their own to a link; api/pages/known.py has the rest
        app.include_router(module.router)
    app.mount("/static", page.Static(), "static")
    add_handlers(app)
    app.add_exception_handler(HTTPException, _no_answer)
    app.add_middleware(BodyLimit, most=services.max_body)
    app.add_middleware(HostCheck, hosts=services.hosts, any_address=services.insecure)
    app.add_middleware(SecurityHeaders)
    return app


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document; made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self, _routes())
        return self.openapi_schema


async def _no_answer(request: Request, error: Exception) -> Response:
    """A person who asks for a page that is not there gets a page that says so, a program the problem."""
    wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(f"{PREFIX}/")
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND and wants_page:
        return no_page(request, request.app.state.services)
    return await http_error(request, error)


def _routes() -> list[APIRoute]:
    routers: list[APIRouter] = [module.router for module in (*_VERSIONED, *_PLAIN)]
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    live: Live = app.state.live
    await live.start()
    task = asyncio.create_task(live.run(), name="live documents")
    try:
        yield
    finally:
        live.stop()
        await task
