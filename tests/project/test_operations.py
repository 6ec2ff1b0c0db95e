"""`docs/operations.md` knows every metric, log event and alert, and all that the doctor looks at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from qingchuan.alerts.rules import load_rules
from qingchuan.service.doctor.checks import CHECKS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
FOLDERS = ("collector", "service", "alerts", "api", "store")


def _sources(*folders: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_every_metric_is_explained() -> None:
    """With what it means and when to look."""
    names = set(re.findall(r'"(qingchuan_\w+)"', _sources("api")))
    assert names
    assert {name for name in names if f"`{name}" not in DOCUMENT} == set()


def _events() -> Iterator[str]:
    """The first words of each call of a logger in the sources."""
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr in LEVELS and "log" in ast.unparse(node.func.value):
                    event = node.args[0]
                    assert isinstance(event, ast.Constant), f"{path}, line {node.lineno}: an event is not a fixed text"
                    yield str(event.value)


def _named(section: str) -> set[str]:
    """What stands as code in the first column of the table of a section of the document."""
    text = DOCUMENT.partition(f"\n## {section}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_log_event_is_explained_and_no_other() -> None:
    """An operator who sees one can look it up."""
    events = set(_events())
    assert len(events) > 30
    assert _named("Logs") == events


def test_every_rule_of_alerts_is_explained_and_no_other() -> None:
    """With when it opens and closes, and what to do."""
    assert _named("Alerts") == {rule.name for rule in load_rules()}


def test_every_check_of_the_doctor_belongs_to_a_subject_that_is_explained() -> None:
    """By what its name begins with."""
    kinds = {check.key.partition("-")[0] for check in CHECKS}
    assert kinds == {name.removesuffix("-") for name in re.findall(r"^\| [^|]*\(`(\w+-)`\)", DOCUMENT, re.MULTILINE)}
