"""Which station, pollutant and day cost a city most."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from qingchuan.store.subjects import City, Name
from tests.api.world import CITY, GOOD_DAY, GOOD_HOUR, World

NOVEMBER = {"start": "2026-11-22", "end": "2026-11-25"}


def _ask(client: httpx.Client, **asked: bool) -> dict[str, Any]:
    answer = client.get(f"/api/v1/cities/{CITY}/contributions", params={**NOVEMBER, **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.fixture
def three_days(world: World) -> World:
    """Two good days, and one that PM2.5 alone spoils; Shanghai is better."""
    world.announce({"310000": City(Name("上海", "Shanghai"), simulated=True)})
    for day, pm25 in (("2026-11-22", "30"), ("2026-11-23", "90"), ("2026-11-24", "30")):
        world.day(CITY, day, GOOD_DAY | {"pm25": pm25})
        world.day("310000", day, GOOD_DAY | {"pm25": "40"})
    return world


def test_the_dearest_day_is_the_one_that_spoils_rate_and_index(three_days: World, client: httpx.Client) -> None:
    """Without the 23rd all days are good, the mean of PM2.5 is 30 instead of 50, and Ningbo comes first."""
    found = _ask(client)
    assert found["sequence"] == three_days.sequence
    assert (found["whole"]["rate"], found["whole"]["rank"]) == (66.7, 2)
    day = found["days"][0]
    assert (day["id"], day["rate"], day["index"], day["rank"]) == ("2026-11-23", 33.3, 0.57, 1)
    assert len(found["days"]) == 3


def test_the_dearest_pollutant_is_named_with_the_days_that_it_alone_spoils(
    three_days: World, client: httpx.Client
) -> None:
    """PM2.5: one bad day, spoilt by nothing else."""
    assert three_days.sequence
    dearest = _ask(client)["pollutants"][0]
    assert (dearest["id"], dearest["bad_days"], dearest["alone"], dearest["rate"]) == ("pm25", 1, 1, 33.3)
    assert dearest["single"] == 1.43


def test_stations_count_where_their_hours_are_there(three_days: World, client: httpx.Client) -> None:
    """What was sent for the city itself tells nothing of its stations; a day of hours does."""
    assert _ask(client)["stations"] == []
    three_days.day(CITY, "2026-11-24", {"so2": "8"}, {"so2": 4})
    for hour in range(1, 25):
        end = "2026-11-22T00:00:00+08:00" if hour == 24 else f"2026-11-21T{hour:02}:00:00+08:00"
        three_days.hour("1234A", end, GOOD_HOUR | {"pm25": "80"})
        three_days.hour("1235A", end, GOOD_HOUR | {"pm25": "40"})
    answer = client.get(f"/api/v1/cities/{CITY}/contributions", params={"start": "2026-11-21", "end": "2026-11-25"})
    found = answer.json()
    assert found["station_days"] == 1
    assert found["whole_of_stations"]["rate"] == 100.0
    assert [(station["id"], station["index"] > 0) for station in found["stations"]] == [
        ("1234A", True),
        ("1235A", False),
    ]


def test_each_can_be_explained(three_days: World, client: httpx.Client) -> None:
    """With it and without it."""
    assert three_days.sequence
    tree = _ask(client, explain=True)["days"][0]["explanation"]
    assert tree["parts"][0]["rule"]["zh"] == "含2026-11-23为66.7，不含为100.0"
