"""A city's days under two editions, and its day in progress."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.world import CITY, GOOD_DAY, GOOD_HOUR, World


def _ask(client: httpx.Client, question: str, **asked: str | bool) -> dict[str, Any]:
    answer = client.get(f"/api/v1/cities/{CITY}/{question}", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.fixture
def straddling(world: World) -> World:
    """Four days about the change of 2026-03-01: good by all, by the two indices, by that of 2012 alone, and missing."""
    for day, pm25 in (("2026-02-27", "50"), ("2026-02-28", "60"), ("2026-03-01", "75")):
        world.day(CITY, day, GOOD_DAY | {"pm25": pm25})
    return world


def test_days_stand_side_by_side_under_both_editions_and_the_limits_to_come(
    straddling: World, client: httpx.Client
) -> None:
    """PM2.5 of 60 is good by HJ 633—2026 and above 50, the limit from 2031; 75 is good by HJ 633—2012 alone."""
    found = _ask(client, "editions", start="2026-02-27", end="2026-03-03")
    assert found["sequence"] == straddling.sequence
    goods = {column: found[column]["good"] for column in ("first", "second", "limits", "own")}
    assert goods == {"first": 3, "second": 2, "limits": 1, "own": 2}
    assert found["lost_by_second"]["alone"]["pm25"] == 1
    assert (found["lost_by_limits"]["kept"], found["lost_by_limits"]["lost"]) == (1, 2)
    assert found["first"]["name"]["zh"] == "HJ 633—2012"
    days = {day["date"]: (day["first"], day["second"], day["own"], day["limits_good"]) for day in found["days"]}
    assert days["2026-02-28"] == (82, 100, 82, False)
    assert days["2026-03-01"] == (100, 114, 114, False)
    assert days["2026-03-02"] == (None, None, None, None)


def test_a_day_of_the_comparison_says_what_is_missing(straddling: World, client: httpx.Client) -> None:
    """It has an index by HJ 633—2012, and counts nowhere; a day of which nothing came misses nothing in particular."""
    straddling.day(CITY, "2026-02-26", {item: value for item, value in GOOD_DAY.items() if item != "co"})
    found = _ask(client, "editions", start="2026-02-25", end="2026-03-01")["days"]
    assert [(day["first"] is None, day["first_good"], day["missing"]) for day in found[:2]] == [
        (True, None, []),
        (False, None, ["co"]),
    ]
    assert found[2]["missing"] == []


@pytest.mark.parametrize(("end", "status"), [("2012-02-29", 422), ("2012-03-01", 200)])
@pytest.mark.parametrize("question", ["editions", "budget"])
def test_a_period_before_the_first_edition_is_refused(
    world: World, client: httpx.Client, question: str, end: str, status: int
) -> None:
    """The day of the edition itself is the first that can be asked about."""
    assert world.sequence
    asked = {"start": "2012-02-01", "end": end} | ({"target": "80"} if question == "budget" else {})
    answer = client.get(f"/api/v1/cities/{CITY}/{question}", params=asked)
    assert answer.status_code == status
    if status != httpx.codes.OK:
        assert (
            "parameter end has '2012-02-29'; a day after 2012-02-29, when the first edition" in answer.json()["detail"]
        )


def test_the_comparison_can_be_explained(straddling: World, client: httpx.Client) -> None:
    """A tree that ends at the items."""
    assert straddling.sequence
    tree = _ask(client, "editions", start="2026-02-27", end="2026-03-03", explain=True)["explanation"]
    assert tree["value"] == 2
    assert tree["source"]["document"].startswith("HJ 6")


@pytest.fixture
def morning(world: World) -> World:
    """Seven hours of both stations are over at 8:05, with 40 µg/m³ PM2.5 each."""
    for hour in range(1, 9):
        for station in ("1234A", "1235A"):
            world.hour(station, f"2026-11-25T{hour:02}:00:00+08:00", GOOD_HOUR | {"pm25": "40"})
    return world


def test_the_day_in_progress_tells_what_its_remaining_hours_may_reach(morning: World, client: httpx.Client) -> None:
    """Eight hours of 40 are 320; for a rounded mean of 60 all 24 may come to 1,452, so the last 16 to 70.7 each."""
    found = _ask(client, "today")
    assert found["sequence"] == morning.sequence
    assert (found["date"], found["passed"], found["left"]) == ("2026-11-25", 8, 16)
    assert found["edition"] == "HJ 633—2026"
    pm25 = found["so_far"]["pm25"]
    assert (pm25["so_far"], pm25["valid"], pm25["earliest"], pm25["good_up_to"]) == (40, 8, 20, 60)
    assert (pm25["remaining_mean"], pm25["remaining_level"], pm25["state"]) == (70.7, 70, "open")
    ozone = found["so_far"]["o3_8h"]
    assert (ozone["so_far"], ozone["valid"], ozone["earliest"]) == (80, 1, 21)
    assert (found["aqi"], found["level"]["number"], found["state"]) == (60, 2, "open")


def test_the_day_in_progress_can_be_explained(morning: World, client: httpx.Client) -> None:
    """Down to what each item still needs."""
    assert morning.sequence
    tree = _ask(client, "today", explain=True)["explanation"]
    assert tree["name"]["zh"] == "当日AQI（截至8时，临时值）"
    assert len(tree["parts"]) == 7


def test_as_of_gives_the_day_as_it_was(morning: World, client: httpx.Client) -> None:
    """A later correction does not change what was told before it."""
    before = morning.sequence
    morning.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR | {"pm25": "200"})
    assert _ask(client, "today", as_of=str(before))["so_far"]["pm25"]["so_far"] == 40
    assert _ask(client, "today")["so_far"]["pm25"]["so_far"] == 50
