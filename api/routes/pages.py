"""The pages that the server makes: one template and one route each."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from qingchuan.api.pages.audit import Form, audit_page, decided
from qingchuan.api.pages.budget import budget_page
from qingchuan.api.pages.dead_letters import dead_letters_page, said
from qingchuan.api.pages.downgrades import downgrades_page
from qingchuan.api.pages.editions import editions_page
from qingchuan.api.pages.explain import explain_page
from qingchuan.api.pages.faults import faults_page
from qingchuan.api.pages.frame import respond, respond_to_form
from qingchuan.api.pages.ranking import ranking_page
from qingchuan.api.pages.what_if import what_if_page
from qingchuan.api.parameters import Given
from qingchuan.api.writing import is_here

router = APIRouter(include_in_schema=False)

_MOST_FIELDS = 20
_MOST_CELLS = 2000


@router.get("/ranking")
def ranking(request: Request, services: Given) -> Response:
    """Where a city stands among the key cities."""
    return respond(request, services, ranking_page)


@router.get("/editions")
def editions(request: Request, services: Given) -> Response:
    """The same days under two editions, and under the limits that come."""
    return respond(request, services, editions_page)


@router.get("/explain")
def explain(request: Request, services: Given) -> Response:
    """How a figure came about."""
    return respond(request, services, explain_page)


@router.get("/budget")
def budget(request: Request, services: Given) -> Response:
    """What the rest of a period may bring so that targets are reached."""
    return respond(request, services, budget_page)


@router.get("/what-if")
def what_if(request: Request, services: Given) -> Response:
    """What it takes for a city to gain places."""
    return respond(request, services, what_if_page)


@router.get("/downgrades")
def downgrades(request: Request, services: Given) -> Response:
    """Which sections got worse or better, and why."""
    return respond(request, services, downgrades_page)


@router.get("/faults")
def faults(request: Request, services: Given) -> Response:
    """What looks like a fault of an instrument."""
    return respond(request, services, faults_page)


@router.get("/dead-letters")
def dead_letters(request: Request, services: Given) -> Response:
    """What was refused, and why."""
    return respond(request, services, lambda asked: dead_letters_page(asked, writable=is_here(request)))


async def given_form(request: Request) -> dict[str, str]:
    """What a form says; nothing where it is no form."""
    try:
        return dict(parse_qsl((await request.body()).decode(), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


@router.post("/dead-letters")
def apply_again(request: Request, services: Given, form: Annotated[dict[str, str], Depends(given_form)]) -> Response:
    """Have what is chosen applied again, and show what is open then."""
    return respond_to_form(request, services, lambda: said(request, services, form))


@router.get("/audit")
def audit(request: Request, services: Given) -> Response:
    """A day of a station as an auditor looks at it."""
    return respond(request, services, lambda asked: audit_page(asked, writable=is_here(request)))


async def given_cells(request: Request) -> Form:
    """What a form of the audit says; nothing where it is no form."""
    try:
        told = parse_qsl((await request.body()).decode(), max_num_fields=_MOST_CELLS)
    except ValueError:
        return Form({}, ())
    return Form(dict(told), tuple(value for name, value in told if name == "cell"))


@router.post("/audit")
def decide(request: Request, services: Given, form: Annotated[Form, Depends(given_cells)]) -> Response:
    """Do what a form says with the values that are picked, and show the day then."""
    return respond_to_form(request, services, lambda: decided(request, services, form))
