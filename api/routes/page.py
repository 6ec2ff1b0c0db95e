"""The page, and what belongs to it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from qingchuan.api.parameters import Given

router = APIRouter(include_in_schema=False)

Language = Literal["zh", "en"]
_FOLDER = Path(__file__).parents[1]


class Static(StaticFiles):
    """Files of the page; a browser asks each time whether they have changed, so that no page mixes two versions."""

    def __init__(self) -> None:
        super().__init__(directory=_FOLDER / "static", check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file, or 304."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


@router.get("/")
def page(
    services: Given,
    lang: Annotated[Language | None, Query()] = None,
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """The live page."""
    language = lang or preferred_language(accept_language)
    text = _templates().get_template("live.html").render(version=services.version, lang=language)
    return HTMLResponse(text, headers={"cache-control": "no-cache", "vary": "Accept-Language"})


def preferred_language(accepted: str) -> Language:
    """Which of our languages an Accept-Language header prefers; Chinese unless English is named before it.

    Examples
    --------
    >>> preferred_language("en-GB,en;q=0.9,zh;q=0.8"), preferred_language("zh-CN, en;q=0.5"), preferred_language("de")
    ('en', 'zh', 'zh')
    """
    best: Language = "zh"
    best_weight = 0.0
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        found = _weight(weight)
        if found > best_weight and name.strip()[:2] in {"zh", "en"}:
            best, best_weight = ("en" if name.strip().startswith("en") else "zh"), found
    return best


def _weight(text: str) -> float:
    number = text.strip().removeprefix("q=") or "1"
    return float(number) if number.replace(".", "", 1).isdecimal() else 0.0


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True)
