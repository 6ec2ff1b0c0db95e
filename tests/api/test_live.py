"""The live documents, by request and as events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from qingchuan.api.live import Live
from qingchuan.api.stream import Stream
from qingchuan.store.subjects import City, Name
from tests.api.serving import serving
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, SUBJECTS, World


def air(client: httpx.Client) -> dict[str, Any]:
    """The live document of the air."""
    found: dict[str, Any] = client.get("/api/v1/air/live").json()
    return found


def water(client: httpx.Client) -> dict[str, Any]:
    """The live document of the water."""
    found: dict[str, Any] = client.get("/api/v1/water/live").json()
    return found


def events(answer: httpx.Response) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Name, id and data of each event of a stream."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "id" in fields:
            yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            fields = {}


def stations_of(live: Live) -> int:
    """How many stations the live document of the air has."""
    return len(json.loads(live.answer("air")[1])["stations"])


def test_the_air_of_a_station_is_its_latest_hour_and_the_last_24(world: World) -> None:
    """The strip has an entry for each hour, also for those about which nothing was told."""
    world.hour("1235A", "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    with serving(world.services) as client:
        document = air(client)
    assert document["now"] == "2026-11-25T08:05:00+08:00"
    assert (document["clock"], document["sequence"]) == ({"speed": 1.0}, world.sequence)
    assert document["items"]["pm25"]["symbol"] == "PM₂.₅"
    silent, station = document["stations"]
    assert (station["subject"], station["name"]["en"], station["city"]) == ("1235A", "Wanli College", CITY)
    assert station["hour"]["end"] == "2026-11-25T07:00:00+08:00"
    assert [hour["aqi"] for hour in station["hours"]] == [None] * 22 + [58, None]
    assert station["hours"][-1] == {"end": "2026-11-25T08:00:00+08:00", "aqi": None, "colour": None}
    assert silent["hour"] is None


def test_an_hour_of_more_than_a_day_ago_is_not_live(world: World) -> None:
    """Both sides of the limit."""
    world.hour("1234A", "2026-11-24T08:00:00+08:00", GOOD_HOUR)
    world.hour("1235A", "2026-11-24T09:00:00+08:00", GOOD_HOUR)
    with serving(world.services) as client:
        assert [station["hour"] is None for station in air(client)["stations"]] == [True, False]


def test_the_city_has_its_hour_its_days_and_its_rates(world: World) -> None:
    """Days and rates end with yesterday."""
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    for day in ("2025-11-24", "2026-10-31", "2026-11-23", "2026-11-25"):
        world.day(CITY, day, GOOD_DAY)
    world.day(CITY, "2026-11-24", {**GOOD_DAY, "pm25": "130"})
    with serving(world.services) as client:
        [city] = air(client)["cities"]
    assert (city["subject"], city["simulated"], city["stations"]) == (CITY, True, ["1234A", "1235A"])
    assert (city["hour"]["aqi"], city["hour"]["stations"]) == (58, {"valid": 2, "of": 2})
    rates = {name: (rate["good"], rate["valid"], rate["rate"]) for name, rate in city["rates"].items()}
    assert rates == {"month": (1, 2, 50.0), "year": (2, 3, 66.7), "last_year": (1, 1, 100.0)}
    assert (city["rates"]["last_year"]["start"], city["rates"]["last_year"]["end"]) == ("2025-01-01", "2025-11-25")
    assert (city["days"][0]["date"], city["days"][-1]["date"], len(city["days"])) == ("2026-01-01", "2026-11-24", 328)
    assert city["days"][-1]["primary"] == ["pm25"]
    assert city["days"][-3]["aqi"] is None


def test_the_water_of_a_section_is_its_latest_reading_and_its_last_week(world: World) -> None:
    """The history has an entry a reading."""
    for time in ("2026-11-18T08:04:00+08:00", "2026-11-18T08:05:00+08:00", "2026-11-25T08:00:00+08:00"):
        world.reading("yaojiang", time, CLEAN_READING)
    with serving(world.services) as client:
        silent, section = water(client)["sections"]
    assert (section["subject"], section["target_class"], section["river"]["zh"]) == ("yaojiang", 3, "姚江")
    assert section["reading"]["class"]["name"] == "Ⅱ"
    assert [(entry["time"], entry["class"]) for entry in section["history"]] == [
        ("2026-11-18T08:05:00+08:00", 2),
        ("2026-11-25T08:00:00+08:00", 2),
    ]
    assert (silent["reading"], silent["history"]) == (None, [])


def test_a_section_that_only_a_laboratory_samples_is_marked(world: World) -> None:
    """Not one that told a reading by itself, however long ago; nor one that has nothing at all."""
    world.announce(dict.fromkeys(("one", "two"), SUBJECTS["yaojiang"]))
    for name in ("one", "two"):
        world.laboratory(name, "2026-11-03T10:00:00+08:00", CLEAN_READING)
    world.reading("two", "2026-10-03T04:00:00+08:00", CLEAN_READING)
    with serving(world.services) as client:
        marked = [section["subject"] for section in water(client)["sections"] if section["manual_only"]]
    assert marked == ["one"]


def test_a_reading_whose_clock_is_a_little_ahead_is_live(world: World) -> None:
    """It was taken in, and may have opened an alert."""
    world.reading("yaojiang", "2026-11-25T08:05:07+08:00", CLEAN_READING)
    with serving(world.services) as client:
        times = [section["reading"]["time"] for section in water(client)["sections"] if section["reading"]]
    assert times == ["2026-11-25T08:05:07+08:00"]


@pytest.mark.parametrize("name", ["air", "water"])
def test_an_unchanged_document_is_answered_with_304(client: httpx.Client, name: str) -> None:
    """The tag goes by the data, not by the time of the answer."""
    first = client.get(f"/api/v1/{name}/live")
    again = client.get(f"/api/v1/{name}/live", headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(f"/api/v1/{name}/live", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_document_tells_the_time_of_its_answer(world: World, client: httpx.Client) -> None:
    """Also where nothing has changed since it was built."""
    tag = client.get("/api/v1/air/live").headers["etag"]
    world.clock.time = "2026-11-25T08:25:00+08:00"
    answer = client.get("/api/v1/air/live")
    assert (answer.json()["now"], answer.headers["etag"]) == (world.clock.time, tag)


def test_a_client_is_sent_all_documents_at_once_and_then_what_changes(world: World, client: httpx.Client) -> None:
    """Only the document that a reading concerns."""
    with client.stream("GET", "/api/v1/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        following = events(answer)
        first = {name: (number, data) for name, number, data in (next(following) for _ in range(3))}
        assert set(first) == {"air", "water", "alerts"}
        assert first["air"][0] == first["air"][1]["sequence"] == world.sequence
        number = world.reading("yaojiang", "2026-11-25T08:00:00+08:00", CLEAN_READING)
        name, sequence, data = next(following)
        assert (name, sequence, data["sequence"]) == ("water", number, number)
        assert data["sections"][1]["reading"]["class"]["name"] == "Ⅱ"
        world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
        name, _, data = next(following)
        assert (name, data["stations"][1]["hour"]["aqi"]) == ("air", 58)


def test_a_late_day_changes_the_year_of_a_city(world: World, client: httpx.Client) -> None:
    """What past days decide is kept only until one of them changes."""
    with client.stream("GET", "/api/v1/events") as answer:
        following = events(answer)
        for _ in range(3):
            next(following)
        world.day(CITY, "2026-03-05", GOOD_DAY)
        name, _, data = next(following)
    assert (name, data["cities"][0]["rates"]["year"]["good"]) == ("air", 1)


def test_the_next_hour_moves_the_window(world: World, client: httpx.Client) -> None:
    """Without any message."""
    with client.stream("GET", "/api/v1/events") as answer:
        following = events(answer)
        for _ in range(3):
            next(following)
        world.clock.time = "2026-11-25T09:00:00+08:00"
        name, _, data = next(following)
    assert (name, data["stations"][0]["hours"][-1]["end"]) == ("air", "2026-11-25T09:00:00+08:00")


def test_a_subject_that_announces_itself_appears(world: World, client: httpx.Client) -> None:
    """In the documents of both domains."""
    assert len(air(client)["stations"]) == 2
    with client.stream("GET", "/api/v1/events") as answer:
        following = events(answer)
        for _ in range(3):
            next(following)
        world.announce({"1236A": world.state.subjects()["1234A"]})
        assert len(next(following)[2]["stations"]) == 3


def test_a_subject_appears_although_it_was_recorded_before_its_message_was_applied(world: World) -> None:
    """Whoever looks in between sees half of an announcement."""
    live = Live(world.services, Stream())

    async def scenario() -> tuple[int, int]:
        await live.start()
        world.record("1236A", SUBJECTS["1234A"])
        await live._publish()
        between = stations_of(live)
        world.apply_recorded()
        await live._publish()
        after = stations_of(live)
        live.stop()
        await live.run()
        return between, after

    assert asyncio.run(scenario()) == (2, 3)


def test_a_server_stops_although_a_client_follows(world: World) -> None:
    """The stream ends; `serving` would complain if it did not."""
    with serving(world.services) as client:
        answer = client.send(client.build_request("GET", "/api/v1/events"), stream=True)
        next(events(answer))
    answer.close()


def test_cities_to_compare_with_are_not_watched_live(world: World) -> None:
    """A city without stations is left out, as long as another has some."""
    shanghai = City(Name("上海", "Shanghai"), simulated=True)
    world.announce({"310000": shanghai})
    world.day("310000", "2026-11-24", GOOD_DAY)
    with serving(world.services) as client:
        document = air(client)
    assert [city["subject"] for city in document["cities"]] == [CITY]


def test_where_no_city_has_stations_all_are_watched(empty: World) -> None:
    """Who only replays the days of cities sees them."""
    cities = {code: City(Name("城", "A city"), simulated=True) for code in ("310000", "330100")}
    empty.announce(cities)
    with serving(empty.services) as client:
        document = air(client)
    assert [city["subject"] for city in document["cities"]] == list(cities)
