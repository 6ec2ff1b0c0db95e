"""What all pages have in common: templates, language, the bar of links, and what is said when something will not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qingchuan.api.pages import figures, pictures
from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.known import is_added, refuse_unknown
from qingchuan.api.pages.words import Language, Words, vocabulary
from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas.air import Rules
from qingchuan.api.schemas.common import Revision
from qingchuan.api.services import Services
from qingchuan.processing import catalogue

PAGES = ("/ranking", "/budget", "/what-if", "/downgrades", "/editions", "/explain")
"""The pages beside the live one that answer questions, in the order of the bar."""

WORK = ("/audit", "/faults")
"""The pages after them in the bar, where people look after the data."""

_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page shows.

    Attributes
    ----------
    values : mapping of str to object
        For its template.
    simulated : bool
        Whether anything in it is made up.
    standards : sequence of str
        Documents that its figures are by.
    rules : sequence of Rules
        Those of validity, with what they stand in for.
    answers : sequence of str
        Addresses of the same figures in the API.
    revision : Revision or None
        Which revision of its figures it shows.
    """

    values: Mapping[str, Any]
    simulated: bool
    standards: Sequence[str] = ()
    rules: Sequence[Rules] = ()
    answers: Sequence[str] = field(default=())
    revision: Revision | None = None


def respond(request: Request, services: Services, view: Callable[[Asked], Shown]) -> Response:
    """The page of a request, or one that says what will not do.

    Parameters
    ----------
    request : Request
        Its path names the template: ``/what-if`` is made of ``what-if.html``.
    services : Services
    view : callable
        Finds what is shown.
    """
    path = request.url.path
    asked = _asked(request, services)
    try:
        refuse_unknown(path, request.query_params)
        return _page(f"{path[1:]}.html", asked, view(asked))
    except ProblemError as error:
        return _problem(asked, error, path, "frame.problem_back")


def respond_to_form(request: Request, services: Services, act: Callable[[], str]) -> Response:
    """The page that `act` leads to when it has done what a form asked for, or one that says what will not do."""
    try:
        return RedirectResponse(act(), 303)
    except ProblemError as error:
        return _problem(_asked(request, services), error, request.url.path, "frame.problem_back")


def no_page(request: Request, services: Services) -> Response:
    """The page that says that there is none at the path of a request."""
    detail = f"{request.url.path} is no page; the bar above leads to those that there are"
    return _problem(_asked(request, services), ProblemError(404, "not-found", detail), "/", "frame.problem_live")


def live_page(version: str, language: Language) -> Response:
    """The live page, which speaks for itself once it has loaded."""
    text = environment().get_template("live.html").render(version=version, lang=language, pages=PAGES + WORK)
    return HTMLResponse(text, headers=_HEADERS)


def language_of(given: str, accepted: str) -> Language:
    """The language that is asked for by name, or else preferred by an Accept-Language header.

    Examples
    --------
    >>> language_of("en", "zh"), language_of("", "en-GB"), language_of("fr", "")
    ('en', 'en', 'zh')
    """
    named: dict[str, Language] = {"zh": "zh", "en": "en"}
    return named.get(given) or preferred_language(accepted)


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


@cache
def environment() -> Environment:
    """Where templates are made; a name that nothing was given for is an error."""
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    found.globals |= {"figures": figures, "pictures": pictures, "item_of": catalogue.item, "pages": PAGES + WORK}
    found.filters |= {"number": figures.number, "first_upper": figures.first_upper}
    return found


_HEADERS = {"cache-control": "no-cache", "vary": "Accept-Language"}


def _asked(request: Request, services: Services) -> Asked:
    given = request.query_params.get("lang", "")
    words = Words(language_of(given, request.headers.get("accept-language", "")))
    query = {
        name: value for name, value in request.query_params.items() if value and name != "lang" and not is_added(name)
    }
    return Asked(services, request.url.path, query, words)


def _problem(asked: Asked, error: ProblemError, back: str, told: str) -> Response:
    """What will not do in the language of the page, the whole of it in English, and a way `back` that is `told`."""
    shown = {"detail": error.detail, "sentence": _sentence(asked.words, error), "back": back, "told": told}
    return _page("problem.html", asked, Shown(values=shown, simulated=False), error.status)


def _sentence(words: Words, error: ProblemError) -> str:
    """What is wrong, in the language of the page; empty for a kind of problem that has no words of its own."""
    key, about = f"problem.{error.kind}", dict(error.about)
    if key not in vocabulary():
        return ""
    if "word" in about:
        about["word"] = words(f"word.{about['word']}")
    return words(key, **about)


def _page(template: str, asked: Asked, shown: Shown, status: int = 200) -> Response:
    text = environment().get_template(template).render(asked=asked, t=asked.words, shown=shown, **shown.values)
    return HTMLResponse(text, status, _HEADERS)


def _weight(text: str) -> float:
    number = text.strip().removeprefix("q=") or "1"
    return float(number) if number.replace(".", "", 1).isdecimal() else 0.0
