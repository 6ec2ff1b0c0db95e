"""Errors as problem+json (RFC 9457), written for the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from qingchuan.api.headers import HEADERS
from qingchuan.store.influx.errors import ServerError

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """Why a request was not answered.

    Attributes
    ----------
    type : str
        Kind of the problem, as a URI reference.
    title : str
        What the status means.
    status : int
        Status code of the answer. [-]
    detail : str
        What has which value, what would do, and where that is written.
    """

    type: str
    title: str
    status: int
    detail: str


class ProblemError(Exception):
    """A request that is not answered.

    Attributes
    ----------
    status : int
        Status code of the answer. [-]
    kind : str
        Kind of the problem, such as ``unknown-subject``.
    detail : str
        For the person who asked.
    about : mapping of str to str
        What a page fills into its own sentence about this kind of problem.
    """

    def __init__(self, status: int, kind: str, detail: str, **about: str) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.about: Mapping[str, str] = about


def problem_response(status: int, kind: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The answer that tells a problem.

    Examples
    --------
    >>> problem_response(404, "unknown-subject", "station has '1'; '1235A' would do").status_code
    404
    """
    problem = Problem(f"/problems/{kind}", HTTPStatus(status).phrase, status, detail)
    return Response(msgspec.json.encode(problem), status, headers, MEDIA_TYPE)


def wrong_parameter(name: str, value: object, wanted: str) -> ProblemError:
    """The problem that a query parameter has a value that will not do.

    Examples
    --------
    >>> wrong_parameter("limit", 0, "1 to 1000").detail
    'parameter limit has 0; 1 to 1000 would do (/api/v1/openapi.json)'
    """
    detail = f"parameter {name} has {value!r}; {wanted} would do (/api/v1/openapi.json)"
    return ProblemError(422, "wrong-parameter", detail, name=name, value=str(value))


def add_handlers(app: FastAPI) -> None:
    """Let every error of `app` be answered as a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _wrong_request)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(ServerError, _store_away)
    app.add_exception_handler(Exception, _failure)


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101  # registered for this type only
    return problem_response(error.status, error.kind, error.detail)


async def _wrong_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this type only
    first = error.errors()[0]
    name, told = first["loc"][-1], first["input"]
    what = "is missing" if first["type"] == "missing" else f"has {told!r}"
    detail = f"parameter {name} {what}; {first['msg'][:1].lower()}{first['msg'][1:]} (/api/v1/openapi.json)"
    return problem_response(422, "wrong-parameter", detail)


async def http_error(request: Request, error: Exception) -> Response:
    """The problem that a path or a method is not answered."""
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this type only
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    detail = f"{request.method} {request.url.path} is not answered here; /api/v1/openapi.json lists what is"
    return problem_response(error.status_code, kind, detail, dict(error.headers or {}))


async def _store_away(_request: Request, error: Exception) -> Response:
    return problem_response(503, "store-away", f"the store does not answer: {error}")


async def _failure(_request: Request, error: Exception) -> Response:
    detail = f"the server could not answer ({type(error).__name__}); its log says more"
    # Answered outside of all middlewares, which therefore add nothing.
    return problem_response(500, "failure", detail, HEADERS)
