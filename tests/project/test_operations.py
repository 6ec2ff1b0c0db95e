"""`docs/operations.md` knows every metric and every log event."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LOGGED = re.compile(r"(?:_log|\blog)\.(?:info|warning|error|exception)\(\s*\"([^\"]+)\"")


def _sources(*folders: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_every_metric_is_explained() -> None:
    """With what it means and when to look."""
    names = set(re.findall(r'"(qingchuan_\w+)"', _sources("api")))
    assert names
    assert {name for name in names if f"`{name}" not in DOCUMENT} == set()


def test_every_log_event_is_explained() -> None:
    """An operator who sees one can look it up."""
    events = set(LOGGED.findall(_sources("collector", "service", "alerts", "api")))
    assert len(events) > 10
    assert {event for event in events if event not in DOCUMENT} == set()
