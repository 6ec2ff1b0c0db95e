"""The page of what was refused: looked for, with the reasons, and applied again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

from starlette.requests import Request

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.words import Language, vocabulary
from qingchuan.api.parameters import LARGEST
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.dead_letters import apply_again, letters_answer, message_answer, moments
from qingchuan.api.schemas.dead_letters import DeadLetter, DeadLettersAnswer
from qingchuan.api.services import Services
from qingchuan.api.writing import check_writer
from qingchuan.store.again import LONGEST
from qingchuan.store.dead_letters import Wanted

PATH: Final = "/dead-letters"
FILTERS: Final = ("subject", "topic", "code", "text", "start", "end")
"""Parameters that choose letters; the same as in the interface."""

State = Literal["open", "settled", "all"]
_SETTLED: Final[dict[State, bool | None]] = {"open": False, "settled": True, "all": None}
_PAGE: Final = 50
_CODE_NAMES: Final = frozenset(key.removeprefix("code.") for key in vocabulary() if key.startswith("code."))


def wanted_of(query: Mapping[str, str], state: State) -> Wanted:
    """Which letters are chosen.

    Raises
    ------
    ProblemError
        A time is none.
    """
    since, until = moments(query.get("start"), query.get("end"))
    subject, topic, code, text = (query.get(name) for name in ("subject", "topic", "code", "text"))
    return Wanted(subject, topic or "", code, text or "", since, until, _SETTLED[state])


def dead_letters_page(asked: Asked, *, writable: bool) -> Shown:
    """What the page of dead letters shows; `writable`: whoever asks may have them applied again."""
    message = asked.count("message", 1, LARGEST)
    state = asked.choice("state", get_args(State))
    query = {name: asked.query[name] for name in FILTERS if name in asked.query}
    wanted = wanted_of(query, state)
    before = asked.count("before", 1, LARGEST)
    answer = letters_answer(asked.services, wanted, _PAGE, before)
    standing = answer if state == "open" else letters_answer(asked.services, wanted_of(query, "open"), 1)
    return Shown(
        values={
            "answer": answer,
            "rows": _rows(answer.dead_letters),
            "message": None if message is None else message_answer(asked.services, message),
            "state": state,
            "filters": query,
            "chosen": {name: query.get(name, "") for name in FILTERS},
            "codes": _codes(asked, query, state),
            "code_names": _CODE_NAMES,
            "older": _older(asked, answer),
            "exports": {kind: _export(query, state, kind) for kind in ("csv", "jsonl")},
            "standing": standing.total.messages + standing.total.values,
            "writable": writable,
            "named": asked.count("named", 1, LARGEST),
            "last": asked.count("last", 1, LARGEST) or 0,
            "longest": LONGEST,
        },
        simulated=False,
        answers=[asked.address("dead-letters", **_query(query, state))],
    )


def said(request: Request, services: Services, form: Mapping[str, str]) -> str:
    """Have applied again what a form chooses; the address of the page that shows what is open then.

    Raises
    ------
    ProblemError
        Who asks may not, does not tell who or why, or chooses nothing.
    """
    check_writer(request)
    by, reason = (form.get(name, "").strip() for name in ("by", "reason"))
    if not by or not reason or max(len(by), len(reason)) > LONGEST:
        detail = f"by and reason are told in 1 to {LONGEST} characters: who says so, and what was mended"
        raise ProblemError(422, "wrong-body", detail)
    query = {name: form[name] for name in FILTERS if form.get(name)}
    done = apply_again(services, wanted_of(query, "open"), by, reason)
    language = {"lang": form["lang"]} if form.get("lang") in get_args(Language) else {}
    return f"{PATH}?{urlencode({**query, **language, 'named': done.messages, 'last': done.sequence})}"


def _rows(letters: list[DeadLetter]) -> list[tuple[DeadLetter, list[DeadLetter]]]:
    """The letters of a message together, by the first of them."""
    rows: list[tuple[DeadLetter, list[DeadLetter]]] = []
    for letter in letters:
        if rows and rows[-1][0].sequence == letter.sequence:
            rows[-1][1].append(letter)
        else:
            rows.append((letter, [letter]))
    return rows


def _codes(asked: Asked, query: dict[str, str], state: State) -> list[tuple[str, int]]:
    """The kinds of reasons that there are, whatever kind is chosen, with the number of letters."""
    rest = {name: text for name, text in query.items() if name != "code"}
    found = letters_answer(asked.services, wanted_of(rest, state), 1).codes
    return [(one.code, one.messages + one.values) for one in found]


def _older(asked: Asked, answer: DeadLettersAnswer) -> str | None:
    """The next page; None where it would be empty."""
    letters = answer.dead_letters
    return asked.link(before=letters[-1].sequence, named=None, last=None) if len(letters) >= _PAGE else None


def _export(query: dict[str, str], state: State, kind: str) -> str:
    return f"/api/v1/dead-letters/export?{urlencode({'format': kind, **_query(query, state)})}"


def _query(query: dict[str, str], state: State) -> dict[str, Any]:
    settled = _SETTLED[state]
    return query if settled is None else {**query, "settled": str(settled).lower()}
