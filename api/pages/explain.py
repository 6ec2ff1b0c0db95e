"""The page that shows how a figure came about: one tree, whatever the figure is."""

from __future__ import annotations

from typing import NamedTuple, get_args

from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.explained import explained
from qingchuan.api.pages.frame import Shown
from qingchuan.api.queries.compared_classes import TARGETS
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.ranking import By
from qingchuan.api.schemas.water_changes import Against


class Link(NamedTuple):
    """A figure that can be chosen.

    Attributes
    ----------
    key : str
        Of its words.
    address : str
    current : bool
    """

    key: str
    address: str
    current: bool


class Group(NamedTuple):
    """Figures that can be chosen, under one title."""

    title: str
    links: list[Link]


def explain_page(asked: Asked) -> Shown:
    """What the page of an explanation shows; without a figure only what can be chosen."""
    of = asked.query.get("of")
    found = None if of is None else explained(of, asked)
    explanations = [] if found is None else found.explanations
    return Shown(
        values={"found": found, "explanations": explanations, "groups": _groups(asked)},
        simulated=found is not None and found.simulated,
        standards=list(dict.fromkeys(name for tree in explanations for name in _documents(tree))),
        answers=[found.answer] if found else [],
    )


def _groups(asked: Asked) -> list[Group]:
    words = asked.words
    air = [_link(asked, f"rank_{by}", of="rank", by=by) for by in get_args(By)]
    air += [_link(asked, of, of=of) for of in ("statistics", "rate", "budget", "what-if", "editions", "day", "hour")]
    groups = [Group(words.named(asked.city.name), air)] if asked.cities else []
    if asked.sections:
        name = asked.section
        water = [_link(asked, of, of=of, section=name) for of in ("reading", "month")]
        water += [_link(asked, against, of="change", section=name, against=against) for against in _compared(asked)]
        groups.append(Group(words.named(asked.sections[asked.section].name), water))
    return groups


def _compared(asked: Asked) -> list[Against]:
    """What a section can be compared with: a target only where it has one."""
    has_target = asked.sections[asked.section].target_class is not None
    return [against for against in get_args(Against) if has_target or against not in TARGETS]


def _link(asked: Asked, key: str, **query: str) -> Link:
    """A link to a figure of the same period and day."""
    kept = {name: asked.query.get(name) for name in ("month", "from", "to", "at")}
    current = all(asked.query.get(name) == value for name, value in query.items())
    return Link(f"explain.{key}", asked.link("/explain", **query, **kept), current)


def _documents(explanation: Explanation) -> list[str]:
    """The documents that a tree cites, in the order in which they come."""
    own = [explanation.source.document] if explanation.source else []
    return [*own, *(name for part in explanation.parts for name in _documents(part))]
