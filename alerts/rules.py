"""The alert rules, which are data: `rules.toml` beside this file holds those that ship."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from qingchuan.store.subjects import Name

RULES_FILE = Path(__file__).with_name("rules.toml")
"""The rules that ship."""


class RuleError(ValueError):
    """A rules file cannot be used; the message says why and what would do."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: when an episode is open, and what it is called.

    Attributes
    ----------
    name : str
        Id of the rule in episodes, notices and the API.
    subject : {"section"}
        Kind of subject that is watched.
    quantity : {"class"}
        What is compared: the class of each item that judges in real time, 1 to 5 for Ⅰ to Ⅴ and 6 for 劣Ⅴ.
    at_least : int
        The episode is open while the quantity is at least this.
    cause : {"environment", "instrument"}
        Who is to act: bad water goes to enforcement, an instrument to maintenance.
    title : Name
        What a person reads.
    """

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    subject: Literal["section"]
    quantity: Literal["class"]
    at_least: Annotated[int, msgspec.Meta(ge=2, le=6)]
    cause: Literal["environment", "instrument"]
    title: Name


class _RulesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...]


def load_rules(path: Path = RULES_FILE) -> tuple[Rule, ...]:
    """The rules of the TOML file at `path`, in its order.

    Raises
    ------
    RuleError
        The file is no TOML, a rule has a key that is unknown, missing or has a wrong value, or two have the same name.

    Examples
    --------
    >>> [(rule.name, rule.at_least) for rule in load_rules()]
    [('section-class-v', 5)]
    """
    try:
        rules = msgspec.toml.decode(path.read_bytes(), type=_RulesFile).rule
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: {error}; every key is explained at the top of {RULES_FILE.name}") from error
    name, times = Counter(rule.name for rule in rules).most_common(1)[0] if rules else ("", 0)
    if times > 1:
        raise RuleError(f"{path}: name {name!r} stands at {times} rules; give each rule a name of its own")
    return rules
