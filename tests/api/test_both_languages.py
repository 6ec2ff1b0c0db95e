"""Whatever an answer says in both languages has no Chinese in its English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.reading_pages import SPAN, fill_for_pages
from tests.api.world import CITY, GOOD_HOUR, World
from tests.support.explained import chinese

DOCUMENT = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")
"""The number of a document, which has no other form."""

YEAR = "start=2026-01-01&end=2027-01-01"


@pytest.fixture
def world(world: World) -> World:
    """A world in which every figure can be explained."""
    fill_for_pages(world)
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    return world


def texts(answer: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - whatever JSON holds
    """Every text of an answer that is told in both languages."""
    if isinstance(answer, dict):
        if isinstance(answer.get("zh"), str):
            yield answer
        for part in answer.values():
            yield from texts(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from texts(part)


@pytest.mark.parametrize(
    "path",
    [
        f"ranking?{SPAN}&by=index&explain_city={CITY}",
        f"ranking?{SPAN}&by=improvement&explain_city={CITY}",
        f"cities/{CITY}/statistics?{SPAN}&explain=true",
        f"cities/{CITY}/editions?{SPAN}&explain=true",
        f"cities/{CITY}/contributions?{SPAN}&explain=true",
        f"cities/{CITY}/budget?{YEAR}&target=90&pm25_target=30&heavy_target=1&explain=true",
        f"cities/{CITY}/what-if?{YEAR}&gain=1&explain=true",
        f"cities/{CITY}/today?explain=true",
        f"cities/{CITY}/days?{SPAN}&explain=true",
        f"cities/{CITY}/hours?start=2026-11-25&end=2026-11-26&explain=true",
        f"cities/{CITY}/good-air-rate?{SPAN}&explain=true",
        "sections/yaojiang/explain",
        "sections/yaojiang/budget?year=2026&explain=true",
        "sections/dongqian/periods?start=2026-11-01&end=2026-12-01&by=month&explain=true",
        "sections/changes?all=true&explain=true",
        "water/shares?start=2026-11-01&end=2026-12-01&explain=true",
    ],
)
def test_english_is_told_in_english(client: httpx.Client, path: str) -> None:
    """Names of sections and stations too."""
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    found = list(texts(answer.json()))
    assert found
    assert [text for text in found if chinese(DOCUMENT.sub("", text["en"]))] == []
