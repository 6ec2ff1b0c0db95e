"""Rules are data, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.alerts.rules import RULES_FILE, RuleError, load_rules

ENTRY = """
[[rule]]
name = "section-class-iv"
subject = "section"
quantity = "class"
at_least = 4
cause = "environment"
title = { zh = "断面", en = "Section" }
"""


def write(folder: Path, text: str) -> Path:
    """A rules file that holds `text`."""
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rules_that_ship_can_be_used() -> None:
    """Class Ⅴ or worse of a section is one of them."""
    assert [(rule.name, rule.at_least) for rule in load_rules()] == [("section-class-v", 5)]


def test_a_rule_is_added_by_an_entry(tmp_path: Path) -> None:
    """The file that ships, with one more entry, gives one more rule."""
    path = write(tmp_path, RULES_FILE.read_text(encoding="utf-8") + ENTRY)
    assert [rule.at_least for rule in load_rules(path)] == [5, 4]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("at_least = 4", "at_least = 1"), "at_least"),
        (("at_least = 4", "at_least = 7"), "at_least"),
        (("at_least = 4", 'at_least = "4"'), "at_least"),
        (("at_least = 4\n", ""), "at_least"),
        (("at_least = 4", "at_least = 4\nmore = 1"), "more"),
        (('quantity = "class"', 'quantity = "colour"'), "colour"),
        (('"section-class-iv"', '"Section Ⅳ"'), "name"),
        (("[[rule]]", "[[rules]]"), "rule"),
        (("cause = ", "cause "), "line 7"),
    ],
)
def test_a_mistake_in_a_rule_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    """The message names the file and what is wrong in it."""
    path = write(tmp_path, ENTRY.replace(*change))
    with pytest.raises(RuleError, match=told) as refused:
        load_rules(path)
    assert str(path) in str(refused.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    """Episodes know their rule by its name."""
    with pytest.raises(RuleError, match="'section-class-iv' stands at 2 rules"):
        load_rules(write(tmp_path, ENTRY + ENTRY))


def test_a_file_without_rules_raises_no_alerts(tmp_path: Path) -> None:
    """An empty list is a choice."""
    assert load_rules(write(tmp_path, "rule = []")) == ()
