"""The live page, and the files of all pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from qingchuan.api.pages.frame import language_of, live_page
from qingchuan.api.parameters import Given

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parents[1]


class Static(StaticFiles):
    """Files of the pages; a browser asks each time whether they have changed, so that no page mixes two versions."""

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
    lang: Annotated[str, Query()] = "",
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """The live page."""
    return live_page(services.version, language_of(lang, accept_language))
