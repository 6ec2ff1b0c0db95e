"""Readings of sections over days, for the tests of questions about the water."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import httpx

from tests.api.world import CLEAN_READING, World

ANALYSES = (0, 4, 8, 12, 16, 20)


def fill(
    world: World, section: str, first: str, last: str, values: Mapping[str, str], hours: tuple[int, ...] = ANALYSES
) -> int:
    """Readings of a clean section with other `values` at `hours` from `first` to `last`; the last number."""
    day, number = date.fromisoformat(first), 0
    while day <= date.fromisoformat(last):
        for hour in hours:
            number = world.reading(section, f"{day}T{hour:02}:00:00+08:00", {**CLEAN_READING, **values})
        day += timedelta(days=1)
    return number


def ask(client: httpx.Client, path: str, **query: str | int | bool) -> dict[str, Any]:
    """The answer of a question about the water."""
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: httpx.Client, path: str, status: int, **query: str | int) -> str:
    """What is said to a question that is not answered."""
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == status, answer.text
    detail: str = answer.json()["detail"]
    return detail
