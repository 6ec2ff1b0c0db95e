"""Every figure can be asked as of an earlier message, and is then told as it was."""

from __future__ import annotations

import httpx
import pytest

from qingchuan.api.only_now import ONLY_NOW
from qingchuan.api.parameters import sequence_of
from tests.api.test_problems import problem
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World

MONTH = "start=2026-11-01&end=2026-12-01"
YEAR = "start=2026-01-01&end=2027-01-01"
EARLIER = (
    f"cities/{CITY}/days?{MONTH}",
    f"cities/{CITY}/days?start=2026-11-01&end=2026-11-25&explain=true",
    f"cities/{CITY}/hours?start=2026-11-20&end=2026-11-21",
    "stations/1235A/hours?start=2026-11-20&end=2026-11-21",
    f"cities/{CITY}/good-air-rate?{YEAR}&explain=true",
    f"cities/{CITY}/statistics?{MONTH}&explain=true",
    f"cities/{CITY}/editions?{MONTH}",
    f"cities/{CITY}/contributions?{MONTH}",
    f"cities/{CITY}/budget?{YEAR}&target=90",
    f"cities/{CITY}/what-if?{YEAR}",
    f"cities/{CITY}/today",
    f"cities/{CITY}/completeness?{MONTH}",
    "stations/1235A/completeness?start=2026-11-20&end=2026-11-21",
    "sections/yaojiang/completeness?start=2026-11-20&end=2026-11-21",
    f"ranking?{MONTH}&explain_city={CITY}",
    f"ranking?{YEAR}&by=rate",
    "sections/yaojiang/classes?start=2026-11-20&end=2026-11-21",
    "sections/yaojiang/periods?start=2026-11-01&end=2026-12-01&by=month",
    "sections/yaojiang/explain?time=2026-11-20T08:00:00%2B08:00",
    "sections/changes?at=2026-11-20&all=true",
    f"water/shares?{MONTH}",
    "sections/yaojiang/budget?class=3",
    "stations",
    "checks",
    "published",
)


@pytest.fixture
def told(world: World) -> World:
    """A world with days, hours and readings of November, but for one hour."""
    for day in range(1, 25):
        if day != 20:
            world.day(CITY, f"2026-11-{day:02}", GOOD_DAY)
        world.reading("yaojiang", f"2026-11-{day:02}T08:00:00+08:00", CLEAN_READING)
    for hour in range(1, 24):
        world.hour("1234A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
        if hour != 9:
            world.hour("1235A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
    return world


def correct(world: World) -> None:
    """A late hour, a corrected day, a corrected reading, and a station that tells another name."""
    world.hour("1235A", "2026-11-20T09:00:00+08:00", GOOD_HOUR | {"pm25": "600"})
    world.day(CITY, "2026-11-19", GOOD_DAY | {"pm25": "300"})
    world.reading("yaojiang", "2026-11-20T08:00:00+08:00", CLEAN_READING | {"nh3n": "3.1"}, {"nh3n": 4})
    world.reading("yaojiang", "2026-11-20T12:00:00+08:00", CLEAN_READING | {"codmn": "12"})
    world.announce({"1236A": world.services.state.subjects()["1235A"]})


@pytest.mark.parametrize("url", EARLIER)
def test_an_answer_as_of_earlier_is_the_one_that_was_given_then(told: World, client: httpx.Client, url: str) -> None:
    """Byte for byte, though readings came late and were corrected since; and without it the answer tells them."""
    before = client.get(f"/api/v1/{url}")
    assert before.status_code == 200
    sequence = told.sequence
    correct(told)
    joined = "&" if "?" in url else "?"
    assert client.get(f"/api/v1/{url}{joined}as_of={sequence}").content == before.content
    assert client.get(f"/api/v1/{url}").content != before.content


def test_every_read_takes_as_of_or_says_why_not(client: httpx.Client) -> None:
    """Of all that the interface describes; only what is no figure and no reading is told as it is now."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, methods in paths.items():
        if "get" not in methods or not path.startswith("/api/v1/"):
            continue
        names = {parameter["name"] for parameter in methods["get"].get("parameters", ())}
        takes = not names.isdisjoint({"as_of", "from"})
        assert takes != (path.removeprefix("/api/v1") in ONLY_NOW), path


@pytest.mark.parametrize("route", ["alerts", "air/live", "collector/clocks", "dead-letters"])
def test_what_is_told_as_it_is_now_only_says_why(client: httpx.Client, route: str) -> None:
    """So that nobody takes today's state for an earlier one."""
    assert problem(client, f"/api/v1/{route}?as_of=3", 422).startswith("as_of is not taken here: ")


@pytest.fixture
def clocked(empty: World) -> World:
    """A world whose clock goes on between two days."""
    world = empty
    world.clock.time = "2026-11-24T02:00:00+08:00"
    world.day(CITY, "2026-11-22", GOOD_DAY)
    world.clock.time = "2026-11-24T02:00:10+08:00"
    world.day(CITY, "2026-11-23", GOOD_DAY)
    return world


@pytest.mark.parametrize(
    ("moment", "before"),
    [
        ("2026-11-24T02:00:09+08:00", 1),
        ("2026-11-24T02:00:10+08:00", 0),
        ("2026-11-23T18:00:10Z", 0),
        ("2026-11-24", 2),
    ],
)
def test_an_instant_is_the_last_message_received_by_then(clocked: World, moment: str, before: int) -> None:
    """At it counts, after it does not."""
    assert sequence_of(clocked.services, moment) == clocked.sequence - before


@pytest.mark.parametrize("text", ["soon", "-1", "2026-11-24T08:00:00", "1.5"])
def test_a_moment_that_is_none_is_refused(client: httpx.Client, text: str) -> None:
    """Neither a number nor a time with its offset."""
    detail = problem(client, f"/api/v1/stations?as_of={text}", 422)
    assert "the number of a message, or a time with its offset" in detail
