"""Imports over the interface, official values in reports, and published figures beside ours."""

from __future__ import annotations

import csv
import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qingchuan.collector.importing.mapping import parse_mapping
from qingchuan.processing.air import key_cities
from qingchuan.store.journal import JournalUnavailableError
from tests.api.serving import serving
from tests.api.world import World
from tests.support.applying import Bench
from tests.support.importing import NINGBO, WAN, announcement, take_file, written

DAY = {"so2": 8, "no2": 30, "pm10": 60, "pm25": 35.0, "co": 0.70, "o3_8h": 80}
NOW = 1_795_564_800_000_000
"""2026-11-25T08:00:00+08:00. [µs since 1970-01-01 UTC]"""


class Place:
    """Stores that a collector applies to, and a client of the application on them."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.bench.received = NOW
        self.world = World(folder)

    def post(self, client: httpx.Client, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        """What an import is answered; it is applied then."""
        answer = client.post("/api/v1/imports", json=body)
        assert answer.status_code == status, answer.text
        while self.bench.applier.step():
            pass
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Ningbo and a station of it have announced themselves."""
    made = Place(tmp_path)
    made.bench.take(NINGBO, WAN)
    yield made
    made.world.close()
    made.bench.close()
    Bench.opened.clear()


@pytest.fixture
def client(place: Place) -> Iterator[httpx.Client]:
    """A client whose bodies may be as large as by default."""
    with serving(dataclasses.replace(place.world.services, max_body=65536)) as made:
        yield made


def _body(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    row = {"subject": "330200", "start": "2026-10-31", "values": DAY}
    return {"name": "days", "by": "lin", "origin": "official", "period": "day", "rows": [row], **changes}


def _get(client: httpx.Client, path: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_official_days_win_in_reports_and_ours_stay_beside_them(place: Place, client: httpx.Client) -> None:
    """The value of the city becomes the official one; the day says so, and can be asked for as it was before."""
    own = {"so2": 8, "no2": 30, "pm10": 60, "pm25": 50, "co": 0.7, "o3_8h": 80}
    place.post(client, _body(origin="reported", rows=[{"subject": "330200", "start": "2026-10-31", "values": own}]))
    before = place.bench.observations.sequence()
    told = place.post(client, _body())
    assert (told["rows"], told["already"]) == (1, False)
    asked = {"start": "2026-10-31", "end": "2026-11-01"}
    [day] = _get(client, "cities/330200/days", **asked)["days"]
    assert (day["items"]["pm25"]["value"], day["items"]["co"]["value"], day["origin"]) == (35, 0.7, "official")
    [day] = _get(client, "cities/330200/days", as_of=str(before), **asked)["days"]
    assert (day["items"]["pm25"]["value"], day["origin"]) == (50, "reported")


def test_the_same_request_again_does_nothing(place: Place, client: httpx.Client) -> None:
    """It answers what the first one did."""
    first = place.post(client, _body())
    head = place.bench.journal.head().sequence
    assert place.post(client, _body()) == {**first, "already": True}
    assert place.bench.journal.head().sequence == head
    [file] = _get(client, "imports")["imports"]
    assert (file["name"], file["origin"], file["rows"], file["refused"], file["digest"]) == (
        "days",
        "official",
        1,
        0,
        first["digest"],
    )
    assert file["finished"] == file["begun"] == "2026-11-25T08:05:00+08:00"


def test_a_value_that_cannot_be_costs_that_value(place: Place, client: httpx.Client) -> None:
    """It is among the dead letters, with the row."""
    row = {"subject": "330200", "start": "2026-10-31", "values": {"pm25": "x", "co": -7, "no2": 31}}
    place.post(client, _body(rows=[row]))
    letters = _get(client, "dead-letters")["dead_letters"]
    assert sorted(letter["item"] for letter in letters) == ["co (line 1)", "pm25 (line 1)"]
    assert _get(client, "imports")["imports"][0]["refused"] == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": []}, "neither rows nor figures"),
        ({"origin": "derived"}, "the body does not fit"),
        ({"perod": "day"}, "unknown field `perod`"),
        ({"rows": [{"subject": "330200", "start": "yesterday", "values": {}}]}, "parameter start has 'yesterday'"),
        ({"origin": "reported", "figures": [{"subject": "1", "figure": "a", "period": "", "value": ""}]}, "official"),
    ],
)
def test_what_is_no_import_is_refused_in_words(
    place: Place, client: httpx.Client, changes: dict[str, Any], says: str
) -> None:
    """And nothing is written."""
    head = place.bench.journal.head()
    assert says in place.post(client, _body(**changes), 422)["detail"]
    assert place.bench.journal.head() == head


def test_only_this_machine_may_import(place: Place, client: httpx.Client) -> None:
    """Not another one behind a proxy, not the page of another site, not a form."""
    assert client.post("/api/v1/imports", json=_body(), headers={"x-forwarded-for": "10.0.0.1"}).status_code == 403
    assert client.post("/api/v1/imports", json=_body(), headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/api/v1/imports", data=_body()).status_code == 415
    assert place.bench.journal.head().sequence == 2


def test_a_journal_that_takes_nothing_is_said(place: Place) -> None:
    """With what the journal says."""

    def full(_messages: object) -> int:
        raise JournalUnavailableError("2 MB are left on its disk")

    with serving(dataclasses.replace(place.world.services, append=full, max_body=65536)) as client:
        answer = client.post("/api/v1/imports", json=_body())
    assert (answer.status_code, answer.json()["detail"]) == (503, "2 MB are left on its disk")


def test_published_ranks_stand_beside_ours(place: Place, client: httpx.Client) -> None:
    """Of the same months only; a later import revises them."""
    figures = [
        {"subject": "330200", "figure": "rank_composite", "period": "2026-10", "value": "31"},
        {"subject": "330200", "figure": "rank_composite", "period": "2026-01/2026-10", "value": "33"},
        {"subject": "330100", "figure": "good_air_rate", "period": "2026-10", "value": "96.8"},
    ]
    place.post(client, _body(rows=[], figures=figures, source="CNEMC"))
    found = _get(client, "published", subject="330200")["published"]
    assert [(one["figure"], one["period"], one["value"], one["source"]) for one in found] == [
        ("rank_composite", "2026-01/2026-10", "33", "CNEMC"),
        ("rank_composite", "2026-10", "31", "CNEMC"),
    ]
    assert len(_get(client, "published", figure="good_air_rate", period="2026-10")["published"]) == 1

    def rank(start: str, end: str) -> int | None:
        answer = _get(client, "ranking", start=start, end=end)
        cities = {city["code"]: city for city in (*answer["cities"], *answer["unranked"])}
        official: int | None = cities["330200"]["official_rank"]
        return official

    assert (rank("2026-10-01", "2026-11-01"), rank("2026-01-01", "2026-11-01")) == (31, 33)
    assert rank("2026-10-01", "2026-10-31") is rank("2026-09-01", "2026-10-01") is None
    place.post(client, _body(rows=[], figures=[{**figures[0], "value": "30"}], source="CNEMC"))
    assert rank("2026-10-01", "2026-11-01") == 30


def test_official_hours_of_a_city_win_over_the_mean_of_its_stations(place: Place, client: httpx.Client) -> None:
    """Audited hours of a station win over those that it reported; the station's own answer shows no official value."""
    hour = {"so2": 8, "no2": 30, "pm10": 60, "pm25": 35, "co": 0.7, "o3": 80}
    start = "2026-11-24T08:00:00+08:00"
    for origin, subject, value in (("reported", "1235A", 40), ("audited", "1235A", 38), ("official", "330200", 36)):
        row = {"subject": subject, "start": start, "values": {**hour, "pm25": value}}
        place.post(client, _body(origin=origin, period="hour", rows=[row]))
    asked = {"start": start, "end": "2026-11-24T09:00:00+08:00"}
    [told] = _get(client, "stations/1235A/hours", **asked)["hours"]
    assert told["items"]["pm25"]["value"] == 38
    [told] = _get(client, "cities/330200/hours", **asked)["hours"]
    assert (told["items"]["pm25"]["value"], told["origin"]) == (36, "official")


def test_published_days_of_zhejiang_come_to_the_published_index(reference_data: Path, tmp_path: Path) -> None:
    """Five cities, all days of 2016 and 2019 with an AQI, imported as official days from their own file."""
    source = reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv"
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    place = Place(tmp_path)
    named = {city.name.zh: city for city in key_cities.ever()}
    for name in {row["city"] for row in rows}:
        city = named[name]
        body = f'{{"kind":"city","name":{{"zh":"{city.name.zh}","en":"{city.name.en}"}}}}'
        place.bench.take(announcement(city.code, body))
    rule = {
        "origin": "official",
        "period": "day",
        "time": {"column": "date", "label": "start"},
        "subject": {"column": "city"},
        "items": {item: item for item in ("so2", "no2", "pm10", "pm25", "co", "o3_8h")},
        "missing": ["", "0"],
    }
    take_file(place.bench, source, parse_mapping(rule))
    published: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        published[named[row["city"]].code][row["date"]] = int(row["aqi"])
    checked = 0
    with serving(place.world.services) as client:
        for code, days in published.items():
            found = _get(client, f"cities/{code}/days", start="2016-01-01", end="2020-01-01")["days"]
            ours = {day["date"]: day["aqi"] for day in found if day["complete"]}
            assert ours == {date: days[date] for date in ours}
            checked += len(ours)
    place.world.close()
    place.bench.close()
    Bench.opened.clear()
    assert checked > 1000


def test_days_of_cities_that_nobody_announced_are_ranked(place: Place, client: httpx.Client, tmp_path: Path) -> None:
    """Official values need no announcement of a key city, only its name."""
    rule = {
        "origin": "official",
        "period": "day",
        "time": {"column": "date", "label": "start"},
        "subject": {"column": "city"},
        "items": {item: item for item in DAY},
    }
    text = "date,city," + ",".join(DAY) + "\n"
    for number, city in enumerate(("宁波市", "杭州", "上海", "苏州"), 1):
        text += f"2026-10-31,{city},8,30,60,{30 + number},0.7,80\n"
    take_file(place.bench, written(tmp_path, text), parse_mapping(rule))
    answer = _get(client, "ranking", start="2026-10-01", end="2026-11-01")
    assert [(city["name"]["zh"], city["rank"]) for city in answer["cities"]] == [
        ("宁波", 1),
        ("杭州", 2),
        ("上海", 3),
        ("苏州", 4),
    ]
