"""What changed between two messages, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest

from qingchuan.processing.air import key_cities
from qingchuan.processing.periods import day_start, parse_instant
from qingchuan.store import audit
from qingchuan.store.audit import Done
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observation
from qingchuan.store.state import writing
from qingchuan.store.subjects import AirStation, City, Name
from tests.api.test_problems import problem
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World

JIAXING = "330400"


@pytest.fixture
def told(world: World) -> World:
    """A month of two cities and a section, of which one hour of Ningbo and all of its day are missing."""
    world.announce({JIAXING: City(Name("嘉兴", "Jiaxing"))})
    for day in range(1, 25):
        world.day(JIAXING, f"2026-11-{day:02}", GOOD_DAY | {"pm25": "36"})
        world.reading("yaojiang", f"2026-11-{day:02}T08:00:00+08:00", CLEAN_READING)
        if day != 20:
            world.day(CITY, f"2026-11-{day:02}", GOOD_DAY)
    for hour in range(1, 24):
        world.hour("1234A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
    for hour in range(1, 20):
        world.hour("1235A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
    return world


def changes(client: httpx.Client, since: int, **more: str | int) -> dict[str, Any]:
    """The answer about what changed since a message."""
    answer = client.get("/api/v1/revisions", params={"from": since, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of_kind(answer: dict[str, Any]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    """Old and new value of each figure but the means."""
    return {
        (one["kind"], one["subject"], one["period"]): (one["old"], one["new"])
        for one in answer["figures"]
        if one["kind"] not in {"mean", "percentile"}
    }


def test_a_late_hour_revises_day_month_index_and_rank(told: World, client: httpx.Client) -> None:
    """With the twentieth hour the station has a mean, with the station the city a day; its neighbour moves up."""
    before = told.sequence
    late = told.hour("1235A", "2026-11-20T20:00:00+08:00", GOOD_HOUR | {"pm25": "3000"})
    answer = changes(client, before)
    kinds = {(one["kind"], one["subject"]) for one in answer["figures"]}
    assert {("aqi", CITY), ("mean", CITY), ("index", CITY), ("rank", CITY), ("rank", JIAXING)} <= kinds
    assert [one["why"] for one in answer["readings"]] == ["late"]
    assert {one["sequence"] for one in answer["figures"]} == {late}
    assert all(one["causes"] == [0] for one in answer["figures"])


def test_each_figure_is_the_one_that_the_other_answers_tell(told: World, client: httpx.Client) -> None:
    """Old as of before, new as of now."""
    before = told.sequence
    told.hour("1235A", "2026-11-20T20:00:00+08:00", GOOD_HOUR | {"pm25": "3000"})
    found = {(one["kind"], one["item"], one["subject"]): one for one in changes(client, before)["figures"]}
    for side, as_of in (("old", before), ("new", told.sequence)):
        asked: dict[str, str | int] = {"start": "2026-11-01", "end": "2026-12-01", "as_of": as_of}
        statistics = client.get(f"/api/v1/cities/{CITY}/statistics", params=asked).json()
        ranking = client.get("/api/v1/ranking", params=asked).json()
        ranks = {city["code"]: city["rank"] for city in ranking["cities"]}
        days = client.get(f"/api/v1/cities/{CITY}/days", params=asked).json()["days"]
        aqi = next((day["aqi"] for day in days if day["date"] == "2026-11-20"), None)
        assert found["aqi", None, CITY][side] == aqi
        assert found["mean", "pm25", CITY][side] == statistics["statistics"]["pm25"]["mean"]
        assert found["index", None, CITY][side] == statistics["ranking_index"]["value"]
        assert found["rank", None, CITY][side] == ranks[CITY]
        assert found["rank", None, JIAXING][side] == ranks[JIAXING]


def test_a_reading_says_what_it_was_and_what_became_of_it(told: World, client: httpx.Client) -> None:
    """Value and flag, the message, and where to look at it."""
    before = told.sequence
    told.hour("1234A", "2026-11-20T09:00:00+08:00", {"pm25": "36"})
    told.hour("1234A", "2026-11-20T10:00:00+08:00", {"pm25": "35"}, {"pm25": 4})
    corrected, flagged = changes(client, before)["readings"]
    assert corrected["why"] == "corrected"
    assert corrected["values"] == {"pm25": {"old": 35, "old_flag": 2, "new": 36, "new_flag": 2, "by": None}}
    assert flagged["why"] == "flagged"
    assert flagged["values"]["pm25"]["new_flag"] == 4
    hours = client.get(corrected["link"]).json()["hours"]
    assert hours[0]["items"]["pm25"]["value"] == 36
    assert hours[0]["sequence"] == corrected["sequence"] == before + 1


def test_what_fails_a_station_check_says_so(told: World, client: httpx.Client) -> None:
    """By the flag that it set."""
    before, start = told.sequence, parse_instant("2026-11-20T08:00:00+08:00")
    items = {"nh3n": ("0.1", 4)}
    told.write([Observation.of("yaojiang", "instant", start, "reported", items, {"nh3n": "check:zero"})])
    (reading,) = changes(client, before)["readings"]
    assert (reading["why"], reading["values"]["nh3n"]["by"]) == ("station-check", "check:zero")


def test_the_kind_of_the_message_says_why(told: World, client: httpx.Client) -> None:
    """What was applied again, and what was imported, by what the journal has under the number."""
    numbers = [told.services.append([Message("import", "web", "laboratory", b"{}")])]
    while numbers[-1] < told.sequence + 1:
        numbers.append(told.services.append([Message("again", "web", "", b"{}")]))
    before = told.sequence
    told.reading("yaojiang", "2026-11-20T08:00:00+08:00", {"nh3n": "0.2"})
    (reading,) = changes(client, before)["readings"]
    assert reading["why"] == "again"
    assert reading["received"] == "2026-11-25T08:05:00+08:00"


def test_the_mean_of_a_section_is_revised(told: World, client: httpx.Client) -> None:
    """A corrected reading, with its sentence in both languages."""
    before = told.sequence
    told.reading("yaojiang", "2026-11-20T08:00:00+08:00", {"nh3n": "9"})
    answer = changes(client, before, subject="yaojiang")
    (figure,) = [one for one in answer["figures"] if one["unit"] == "month" and one["kind"] == "mean"]
    assert (figure["old"], figure["new"]) == (0.1, 0.47)
    assert figure["sentence"]["zh"] == (
        f"姚江 2026-11 氨氮平均值由 0.1 变为 0.47 mg/L：姚江 2026-11-20 08:00 更正（NH₃-N 0.1→9，消息 {before + 1}）。"
    )
    assert figure["sentence"]["en"] == (
        "mean of Ammonia nitrogen of Yao River gate, 2026-11: 0.1 became 0.47 mg/L: Yao River gate 2026-11-20 08:00 "
        f"corrected (NH₃-N 0.1→9, message {before + 1})."
    )


def test_what_came_in_time_changes_nothing_that_was_told(told: World, client: httpx.Client) -> None:
    """Readings of the day that was not over belong to no figure that was given out."""
    before = told.sequence
    told.hour("1234A", "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    told.day(CITY, "2026-11-23", GOOD_DAY)
    answer = changes(client, before)
    assert (answer["figures"], answer["readings"], answer["over"]) == ([], [], "2026-11-25")


def test_what_was_corrected_and_then_put_back_is_no_change(told: World, client: httpx.Client) -> None:
    """Between both messages it is; over both it is not."""
    before = told.sequence
    told.day(CITY, "2026-11-19", {"pm25": "300"})
    between = told.sequence
    told.day(CITY, "2026-11-19", {"pm25": "35"})
    assert changes(client, before)["figures"] == []
    assert of_kind(changes(client, before, to=between))["aqi", CITY, "2026-11-19"] == (58, 350)
    assert of_kind(changes(client, between))["aqi", CITY, "2026-11-19"] == (350, 58)


def test_a_subject_and_a_period_narrow_it(told: World, client: httpx.Client) -> None:
    """To the figures that rest on a station, and to those of a day, a month, a year."""
    before = told.sequence
    told.day(CITY, "2026-11-19", {"pm25": "300"})
    told.day(JIAXING, "2026-11-18", {"pm25": "300"})
    assert {one["subject"] for one in changes(client, before, subject=CITY)["figures"]} == {CITY}
    days = changes(client, before, period="2026-11-18")["figures"]
    assert [(one["kind"], one["subject"]) for one in days] == [("aqi", JIAXING)]
    assert {one["unit"] for one in changes(client, before, period="2026-11")["figures"]} == {"day", "month"}
    assert {one["unit"] for one in changes(client, before, period="2026")["figures"]} == {"day", "month", "year"}
    assert changes(client, before, period="2026-10")["figures"] == []


def test_a_station_that_ends_to_count_changes_the_figures_of_its_city(told: World, client: httpx.Client) -> None:
    """Its announcement is the cause, in the period that is asked about."""
    told.hour("1235A", "2026-11-20T20:00:00+08:00", GOOD_HOUR | {"pm25": "3000"})
    before = told.sequence
    told.announce({"1235A": AirStation(Name("万里学院", "Wanli College"), CITY, evaluated=False)})
    answer = changes(client, before, period="2026-11")
    assert ("aqi", CITY, "2026-11-20") in of_kind(answer)
    assert [(one["why"], one["subject"], one["start"]) for one in answer["readings"]] == [("announced", "1235A", None)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("from=99999", "parameter from has 99999"),
        ("from=1&to=99999", "parameter to has 99999"),
        ("from=2026-11-25T23:00", "parameter from has '2026-11-25T23:00'; the number of a message"),
        ("from=20&to=10", "up to 10, the message to compare with"),
        ("from=soon", "the number of a message"),
        ("from=1&period=2026-13", "parameter period has '2026-13-01'"),
        ("from=1&period=November", "a day, month or year"),
        ("from=1&subject=nobody", "an air station, a city or a section"),
        ("", "parameter from is missing"),
    ],
)
def test_what_cannot_be_compared_is_refused(told: World, client: httpx.Client, query: str, wanted: str) -> None:
    """With what would do."""
    assert told.sequence > 20
    assert wanted in problem(client, f"/api/v1/revisions?{query}", 422)


def test_the_ranks_of_all_key_cities_are_looked_at(told: World, client: httpx.Client) -> None:
    """A city that falls lets all those pass that were behind it."""
    cities = [city for city in key_cities.on(dt.date(2026, 11, 30)) if city.code not in {CITY, JIAXING}][:3]
    told.announce({city.code: City(Name(city.name.zh, city.name.en)) for city in cities})
    items = {item: (value, 2) for item, value in (GOOD_DAY | {"pm25": "37"}).items()}
    start = day_start(dt.date(2026, 11, 3))
    told.write([Observation.of(city.code, "day", start, "reported", items) for city in cities])
    before = told.sequence
    told.day(JIAXING, "2026-11-18", {"pm25": "900"})
    ranks = {key[1]: value for key, value in of_kind(changes(client, before)).items() if key[0] == "rank"}
    assert ranks == {JIAXING: (2, 5), **dict.fromkeys([city.code for city in cities], (3, 2))}


def test_hours_of_dust_that_are_declared_change_means_and_index(told: World, client: httpx.Client) -> None:
    """No value differs, and what rests on them does; the AQI of the day keeps them."""
    told.hour("1235A", "2026-11-20T20:00:00+08:00", GOOD_HOUR | {"pm10": "9000"})
    before, start = told.sequence, parse_instant("2026-11-20T19:00:00+08:00")
    told.hour("1234A", "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    done = Done(
        told.sequence, 0, "dust", CITY, "hour", start, start + 3600, ("pm10",), "", "province", "lin", "sand", 0, 0
    )
    with writing(told.state.engine).begin() as connection:
        audit.write(connection, [done], [])
    answer = changes(client, before)
    kinds = {(one["kind"], one["item"]) for one in answer["figures"]}
    assert kinds == {("mean", "pm10"), ("index", None), ("rank", None)}
    assert [(one["why"], one["period"], one["link"]) for one in answer["readings"]] == [
        ("audited", "dust", f"/api/v1/audit?subject={CITY}")
    ]


def test_a_sample_of_a_laboratory_stands_beside_what_the_station_told(told: World, client: httpx.Client) -> None:
    """Of the same instant and the same item: neither hides the other, and each has its own message."""
    before = told.sequence
    sample = told.laboratory("yaojiang", "2026-11-20T08:00:00+08:00", {"codmn": "9", "tp": "0.3", "bod5": "3.5"})
    (reading,) = changes(client, before)["readings"]
    assert (reading["subject"], reading["origin"], reading["sequence"]) == ("yaojiang", "manual", sample)
    assert {item: (one["old"], one["new"]) for item, one in reading["values"].items()} == {
        "codmn": (None, 9),
        "tp": (None, 0.3),
        "bod5": (None, 3.5),
    }
    told.reading("yaojiang", "2026-11-20T08:00:00+08:00", {"codmn": "2"})
    station, laboratory = changes(client, before)["readings"]
    assert (station["origin"], station["sequence"], station["values"]["codmn"]["old"]) == (None, sample + 1, 1.5)
    assert (laboratory["origin"], laboratory["sequence"]) == ("manual", sample)
    assert "手工" in of_class(changes(client, before, to=sample))["sentence"]["zh"]


def of_class(answer: dict[str, Any]) -> dict[str, Any]:
    """The figure of a section over a month that differs first."""
    found: dict[str, Any] = next(one for one in answer["figures"] if one["unit"] == "month")
    return found


def declare_dust(world: World, subject: str, first: int, last: int, action: str = "dust") -> int:
    """A message that declares hours of dust, or takes them back; its sequence number."""
    world.hour("1234A", "2026-11-25T07:00:00+08:00", GOOD_HOUR | {"o3": str(60 + world.sequence % 40)})
    items = ("pm10", "pm25")
    done = Done(world.sequence, 0, action, subject, "hour", first, last, items, "", "province", "lin", "sand", 0, 0)  # type: ignore[arg-type]
    with writing(world.state.engine).begin() as connection:
        audit.write(connection, [done], [])
    return world.sequence


def test_a_percentile_that_dust_changes_is_told(told: World, client: httpx.Client) -> None:
    """With its message as the revision of the statistics, of the rank, and again when it is taken back."""
    told.day(CITY, "2026-11-19", {"pm25": "70"})
    told.hour("1235A", "2026-11-20T20:00:00+08:00", GOOD_HOUR | {"pm25": "3000"})
    before, start = told.sequence, parse_instant("2026-11-20T19:00:00+08:00")
    asked: dict[str, str | int] = {"start": "2026-11-01", "end": "2026-12-01"}
    for action in ("dust", "restore"):
        since = told.sequence
        sequence = declare_dust(told, CITY, start, start + 3600, action)
        statistics = client.get(f"/api/v1/cities/{CITY}/statistics", params=asked).json()
        assert statistics["revision"]["sequence"] == sequence
        ranked = client.get("/api/v1/ranking", params=asked).json()
        assert {one["code"]: one["revision"]["sequence"] for one in ranked["cities"]}[CITY] == sequence
        earlier = client.get(f"/api/v1/cities/{CITY}/statistics", params=asked | {"as_of": since}).json()
        found = {one["item"]: one for one in changes(client, since)["figures"] if one["kind"] == "percentile"}
        pm25 = found["pm25"]
        assert pm25["old"] == earlier["statistics"]["pm25"]["percentile"]
        assert pm25["new"] == statistics["statistics"]["pm25"]["percentile"]
        assert pm25["old"] != pm25["new"]
        assert (pm25["name"]["zh"], pm25["sequence"]) == ("PM₂.₅第95百分位数浓度", sequence)
    assert changes(client, before)["figures"] == []


def test_a_confirmation_that_changes_the_state_is_the_revision(told: World, client: httpx.Client) -> None:
    """Of a day alone it is not: the month is provisional as before."""
    asked: dict[str, str | int] = {"start": "2026-11-18", "end": "2026-11-20"}

    def confirm(first: str, last: str) -> int:
        told.hour("1234A", "2026-11-25T07:00:00+08:00", GOOD_HOUR | {"o3": str(60 + told.sequence % 40)})
        start, end = (day_start(dt.date.fromisoformat(day)) for day in (first, last))
        done = Done(told.sequence, 0, "confirm", CITY, "day", start, end, (), "", "province", "lin", "seen", 0, 0)
        with writing(told.state.engine).begin() as connection:
            audit.write(connection, [done], [])
        return told.sequence

    def revision(**more: str | int) -> tuple[int, str]:
        told_of = client.get(f"/api/v1/cities/{CITY}/statistics", params=asked | more).json()["revision"]
        return told_of["sequence"], told_of["state"]

    first = revision()
    assert first[1] == "provisional"
    confirm("2026-11-18", "2026-11-19")
    assert revision() == first
    done = confirm("2026-11-19", "2026-11-20")
    assert revision() == (done, "audited")
    assert revision(as_of=done - 1) == first
