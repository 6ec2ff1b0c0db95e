"""Hours of stations and cities."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import msgspec
import pytest

from tests.api.world import CITY, GOOD_HOUR, SUBJECTS, World


def hours(client: httpx.Client, subject: str, start: str, end: str, **query: str | int) -> list[dict[str, Any]]:
    """Hours of a station, or of a city when `subject` is one."""
    folder = "cities" if subject == CITY else "stations"
    answer = client.get(f"/api/v1/{folder}/{subject}/hours", params={"start": start, "end": end, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["hours"]
    return found


def test_an_hour_tells_index_level_primary_and_items(world: World, client: httpx.Client) -> None:
    """PM2.5 of 40 lies a fifth of the way from 35 (index 50) to 60 (index 100)."""
    number = world.hour("1235A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, "pm25": "40"})
    [hour] = hours(client, "1235A", "2026-11-25T07:00:00+08:00", "2026-11-25T08:00:00+08:00")
    assert hour["start"] == "2026-11-25T07:00:00+08:00"
    assert hour["end"] == "2026-11-25T08:00:00+08:00"
    assert (hour["edition"], hour["aqi"], hour["published"], hour["complete"]) == ("HJ 633—2026", 60, True, True)
    assert (hour["level"]["number"], hour["level"]["roman"], hour["level"]["zh"]) == (2, "Ⅱ", "良")
    assert hour["primary"] == ["pm25"]
    assert hour["items"]["pm25"] == {"value": 40, "iaqi": 60, "flag": 2, "valid": True}
    assert hour["items"]["co"]["value"] == 0.7
    assert (hour["origin"], hour["sequence"], "stations" in hour) == ("reported", number, False)


def test_each_hour_is_judged_by_the_edition_of_its_date(world: World, client: httpx.Client) -> None:
    """The hour 24:00 of 28 February still belongs to that day, and the edition of 2012."""
    for end in ("2026-03-01T00:00:00+08:00", "2026-03-01T01:00:00+08:00"):
        world.hour("1235A", end, {**GOOD_HOUR, "pm25": "70"})
    before, after = hours(client, "1235A", "2026-02-28", "2026-03-02")
    assert (before["edition"], after["edition"]) == ("HJ 633—2012", "HJ 633—2026")
    assert before["items"]["pm25"]["iaqi"] != after["items"]["pm25"]["iaqi"]


def test_any_hour_can_be_judged_by_a_named_edition(world: World, client: httpx.Client) -> None:
    """A name is understood with hyphen and with dash."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    for name in ("HJ 633-2012", "HJ 633—2012", "hj633_2012"):
        [hour] = hours(client, "1235A", "2026-11-25", "2026-11-26", edition=name)
        assert hour["edition"] == "HJ 633—2012"


def test_the_range_holds_hours_by_their_start_and_not_its_end(world: World, client: httpx.Client) -> None:
    """A natural day holds the hours labelled 1:00 to 24:00."""
    for end in ("2026-11-24T00:00:00+08:00", "2026-11-24T01:00:00+08:00", "2026-11-25T00:00:00+08:00"):
        world.hour("1235A", end, GOOD_HOUR)
    found = hours(client, "1235A", "2026-11-24", "2026-11-25")
    assert [hour["end"][11:16] for hour in found] == ["01:00", "00:00"]
    assert hours(client, "1235A", "2026-11-24", "2026-11-24") == []


def test_an_incomplete_hour_up_to_100_has_no_index_from_2026_on(world: World, client: httpx.Client) -> None:
    """HJ 633—2026, 5.3.1; the item that is missing is shown as missing."""
    incomplete = {item: value for item, value in GOOD_HOUR.items() if item != "so2"}
    world.hour("1235A", "2026-11-25T08:00:00+08:00", incomplete)
    [hour] = hours(client, "1235A", "2026-11-25", "2026-11-26")
    assert (hour["aqi"], hour["level"], hour["primary"]) == (None, None, [])
    assert (hour["published"], hour["complete"]) == (False, False)
    assert hour["items"]["so2"] == {"value": None, "iaqi": None, "flag": 9, "valid": False}
    assert hour["items"]["pm25"]["iaqi"] is not None


def test_an_incomplete_hour_above_100_has_its_index(world: World, client: httpx.Client) -> None:
    """Whatever is missing, it would not be lower."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", {"pm25": "120"})
    [hour] = hours(client, "1235A", "2026-11-25", "2026-11-26")
    assert hour["aqi"] > 100
    assert (hour["published"], hour["complete"]) == (True, False)


def test_an_incomplete_hour_of_2012_has_the_index_of_its_items(world: World, client: httpx.Client) -> None:
    """The edition of 2012 says nothing against it."""
    world.hour("1235A", "2026-02-28T08:00:00+08:00", {"pm25": "35"})
    [hour] = hours(client, "1235A", "2026-02-28", "2026-03-01")
    assert (hour["aqi"], hour["published"], hour["complete"]) == (50, True, False)


def test_a_suspect_value_is_shown_and_does_not_count(world: World, client: httpx.Client) -> None:
    """Its flag stands beside it."""
    world.hour("1235A", "2026-02-28T08:00:00+08:00", {**GOOD_HOUR, "pm25": "900"}, flags={"pm25": 3})
    [hour] = hours(client, "1235A", "2026-02-28", "2026-03-01")
    assert hour["items"]["pm25"] == {"value": 900, "iaqi": None, "flag": 3, "valid": False}
    assert hour["aqi"] < 100


def test_as_of_shows_an_hour_before_it_was_corrected(world: World, client: httpx.Client) -> None:
    """And not at all before it came."""
    first = world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    second = world.hour("1235A", "2026-11-25T08:00:00+08:00", {"pm25": "60"})
    day = ("1235A", "2026-11-25", "2026-11-26")
    [before] = hours(client, *day, as_of=first)
    [after] = hours(client, *day)
    assert (before["items"]["pm25"]["value"], before["sequence"]) == (35, first)
    assert (after["items"]["pm25"]["value"], after["sequence"]) == (60, second)
    assert after["items"]["no2"]["value"] == 30
    assert hours(client, *day, as_of=first - 1) == []


def test_an_answer_names_the_message_up_to_which_it_counts(world: World, client: httpx.Client) -> None:
    """Asking again with it as as_of gives the same bytes, whatever has come since."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    url = "/api/v1/stations/1235A/hours?start=2026-11-25&end=2026-11-26"
    answer = client.get(url)
    assert answer.json()["sequence"] == world.sequence
    assert answer.json()["simulated"] is True
    world.hour("1235A", "2026-11-25T08:00:00+08:00", {"pm25": "60"})
    assert client.get(f"{url}&as_of={answer.json()['sequence']}").content == answer.content


def test_an_hour_of_a_city_is_the_mean_of_its_stations(world: World, client: httpx.Client) -> None:
    """Half to even: 35 and 40 are 37.5, that is 38."""
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    number = world.hour("1235A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, "pm25": "40"})
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert hour["items"]["pm25"]["value"] == 38
    assert (hour["origin"], hour["sequence"], hour["stations"]) == ("derived", number, {"valid": 2, "of": 2})


def test_a_city_with_too_few_stations_has_no_value(world: World, client: httpx.Client) -> None:
    """One of four is less than any share that is asked for; those that went silent are three of the four."""
    world.announce({"1236A": SUBJECTS["1234A"], "1237A": SUBJECTS["1234A"]})
    for station in ("1235A", "1236A", "1237A"):
        world.hour(station, "2026-11-20T08:00:00+08:00", GOOD_HOUR)
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert hour["stations"] == {"valid": 1, "of": 4}
    assert hour["items"]["so2"]["value"] is None
    assert hour["aqi"] is None


def test_what_was_sent_for_a_city_wins_over_the_mean(world: World, client: httpx.Client) -> None:
    """Item by item: what was not sent is derived."""
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.hour(CITY, "2026-11-25T08:00:00+08:00", {"pm25": "70"})
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert (hour["items"]["pm25"]["value"], hour["items"]["no2"]["value"]) == (70, 30)
    assert hour["origin"] == "reported"


def test_a_station_that_is_not_evaluated_does_not_count_for_its_city(world: World, client: httpx.Client) -> None:
    """A roadside station says nothing about the air of the city."""
    roadside = msgspec.structs.replace(SUBJECTS["1234A"], evaluated=False)
    world.announce({"1234A": roadside})
    world.hour("1234A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, "pm25": "400"})
    world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert (hour["items"]["pm25"]["value"], hour["stations"]) == (35, {"valid": 1, "of": 1})


def test_a_station_counts_from_its_first_hour_on(world: World, client: httpx.Client) -> None:
    """Three that announce themselves take no past hour away; once they have sent, their silence counts."""
    for end in ("06", "07", "08"):
        for station in ("1234A", "1235A"):
            world.hour(station, f"2026-11-25T{end}:00:00+08:00", GOOD_HOUR)
    before = hours(client, CITY, "2026-11-25", "2026-11-26")
    world.announce({f"200{place}A": SUBJECTS["1234A"] for place in range(3)})
    assert hours(client, CITY, "2026-11-25", "2026-11-26") == before
    for place in range(3):
        world.hour(f"200{place}A", "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    found = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert [hour["stations"] for hour in found] == [{"valid": 2, "of": 2}, {"valid": 5, "of": 5}, {"valid": 2, "of": 5}]
    assert [hour["aqi"] for hour in found] == [58, 58, None]


def test_since_when_a_station_counts_can_be_asked_for_as_it_was(world: World, client: httpx.Client) -> None:
    """An earlier hour that comes later makes it count from there, and as_of does not know of it."""
    number = world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.hour("1235A", "2026-11-25T06:00:00+08:00", GOOD_HOUR)
    [then] = hours(client, CITY, "2026-11-25", "2026-11-26", as_of=number)
    now = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert (then["stations"], now[-1]["stations"]) == ({"valid": 1, "of": 1}, {"valid": 1, "of": 2})


def test_what_was_sent_for_a_city_rests_on_no_station(world: World, client: httpx.Client) -> None:
    """Neither on how many there are nor on what they sent later."""
    number = world.hour(CITY, "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert (hour["stations"], hour["sequence"]) == (None, number)


def test_hours_of_a_city_name_the_rules_of_their_means(world: World, client: httpx.Client) -> None:
    """Those of 2013 stand in for 2026; a station has no mean and no such rules."""
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26")
    assert hour["rules"] == {"validity": "HJ 663—2013", "stands_in_for": "HJ 663—2026"}
    [hour] = hours(client, "1234A", "2026-11-25", "2026-11-26")
    assert "rules" not in hour


@pytest.mark.parametrize("day", ["1970-01-02", "2001-06-01", "2005-06-01", "2011-06-01", "2012-02-28"])
def test_hours_of_before_the_first_edition_have_values_and_no_index(
    world: World, client: httpx.Client, day: str
) -> None:
    """They are no mistake of whoever asks; the same hour can be judged by an edition that is named."""
    for station in ("1234A", "1235A"):
        world.hour(station, f"{day}T08:00:00+08:00", GOOD_HOUR)
    world.hour(CITY, f"{day}T09:00:00+08:00", GOOD_HOUR)
    end = (dt.date.fromisoformat(day) + dt.timedelta(1)).isoformat()
    [hour] = hours(client, "1234A", day, end)
    assert (hour["edition"], hour["aqi"], hour["level"], hour["primary"]) == (None, None, None, [])
    assert (hour["published"], hour["complete"]) == (False, True)
    assert hour["items"]["pm25"] == {"value": 35, "iaqi": None, "flag": 2, "valid": True}
    derived, sent = hours(client, CITY, day, end)
    assert (derived["items"]["pm25"]["value"], sent["items"]["pm25"]["value"]) == (None, 35)
    assert (sent["edition"], sent["aqi"], sent["rules"], sent["stations"]) == (None, None, None, None)
    [named] = hours(client, "1234A", day, end, edition="HJ 633-2012")
    assert (named["edition"], named["aqi"]) == ("HJ 633—2012", 55)


def test_a_range_over_the_first_day_of_the_first_edition_has_both(world: World, client: httpx.Client) -> None:
    """The hour 24:00 of 28 February 2012 has no index, the next one has."""
    for end in ("2012-02-29T00:00:00+08:00", "2012-02-29T01:00:00+08:00"):
        for station in ("1234A", "1235A"):
            world.hour(station, end, GOOD_HOUR)
    for subject in ("1234A", CITY):
        found = hours(client, subject, "2012-02-28", "2012-03-01")
        assert [(hour["edition"], hour["aqi"]) for hour in found] == [(None, None), ("HJ 633—2012", 55)]


@pytest.mark.parametrize("end", ["2012-02-29T08:00:00+08:00", "2013-01-15T08:00:00+08:00", "2013-09-30T08:00:00+08:00"])
def test_a_city_has_hours_before_the_rules_of_its_means_were_issued(
    world: World, client: httpx.Client, end: str
) -> None:
    """HJ 663—2013 is younger than the first results by GB 3095—2012."""
    for station in ("1234A", "1235A"):
        world.hour(station, end, GOOD_HOUR)
    world.hour(CITY, end, {"pm25": "70"})
    [hour] = hours(client, CITY, end[:10], (dt.date.fromisoformat(end[:10]) + dt.timedelta(1)).isoformat())
    assert (hour["items"]["pm25"]["value"], hour["items"]["no2"]["value"], hour["aqi"]) == (70, 30, 94)
    assert hour["rules"] == {"validity": "HJ 663—2013", "stands_in_for": None}


def test_an_hour_with_a_value_beyond_the_table_of_2012_has_no_index(world: World, client: httpx.Client) -> None:
    """SO2 of 900 has none by note (2); what is left must not make the hour good."""
    world.hour("1234A", "2026-02-28T08:00:00+08:00", {**GOOD_HOUR, "so2": "900"})
    [hour] = hours(client, "1234A", "2026-02-28", "2026-03-01")
    assert (hour["aqi"], hour["level"], hour["primary"]) == (None, None, [])
    assert (hour["published"], hour["complete"]) == (False, True)
    assert hour["items"]["so2"] == {"value": 900, "iaqi": None, "flag": 2, "valid": True}


def test_an_hour_explains_its_index_down_to_the_concentrations(world: World, client: httpx.Client) -> None:
    """The value of the tree is the AQI, its parts are the six indices; without being asked there is none."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, "pm25": "40"})
    for subject in ("1235A", CITY):
        [hour] = hours(client, subject, "2026-11-25", "2026-11-26", explain="true")
        tree = hour["explanation"]
        assert (tree["value"], tree["source"]["document"]) == (hour["aqi"], hour["edition"])
        iaqi = {part["name"]["en"]: part["value"] for part in tree["parts"]}
        assert len(iaqi) == 6
        assert max(iaqi.values()) == hour["aqi"]
        [plain] = hours(client, subject, "2026-11-25", "2026-11-26")
        assert "explanation" not in plain


def concentrations(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The concentration behind each index of a tree, by its unit and value of the index."""
    return {part["name"]["zh"].removesuffix("空气质量分指数"): part["parts"][0] for part in tree["parts"]}


def test_a_derived_hour_of_a_city_explains_itself_down_to_its_stations(world: World, client: httpx.Client) -> None:
    """The mean before it was rounded, how many stations must be valid, the value of each and whether it counts."""
    world.announce({"1236A": SUBJECTS["1234A"], "1237A": SUBJECTS["1235A"]})
    end = "2026-11-25T08:00:00+08:00"
    world.hour("1234A", end, GOOD_HOUR)
    world.hour("1235A", end, {**GOOD_HOUR, "pm25": "40"})
    world.hour("1236A", end, {**GOOD_HOUR, "pm25": "900"}, flags={"pm25": 3})
    [hour] = hours(client, CITY, "2026-11-25", "2026-11-26", explain="true")
    found = concentrations(hour["explanation"])["细颗粒物"]
    assert (found["value"], found["exact"], found["valid"], found["expected"]) == (38, "75/2", 2, 3)
    assert found["value"] == hour["items"]["pm25"]["value"]
    assert (found["source"]["document"], found["source"]["clause"]) == ("HJ 663—2013", "6.1.4, A.2")
    assert found["rule"]["zh"].endswith("有效点位2个，共3个（少于4个），应不低于50%")
    assert [(part["name"], part["value"], part["rule"]["zh"][:3]) for part in found["parts"]] == [
        ({"zh": "区环保大楼", "en": "District building"}, 35, "有效，"),
        ({"zh": "万里学院", "en": "Wanli College"}, 40, "有效，"),
        ({"zh": "区环保大楼", "en": "District building"}, None, "缺测或"),
        ({"zh": "万里学院", "en": "Wanli College"}, None, "此时不"),
    ]


def test_an_hour_of_a_city_with_too_few_stations_explains_why_it_has_no_value(
    world: World, client: httpx.Client
) -> None:
    """One of four."""
    world.announce({"1236A": SUBJECTS["1234A"], "1237A": SUBJECTS["1234A"]})
    for station in ("1234A", "1235A", "1236A", "1237A"):
        world.hour(station, "2026-11-25T07:00:00+08:00", GOOD_HOUR)
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    last = hours(client, CITY, "2026-11-25", "2026-11-26", explain="true")[-1]
    found = concentrations(last["explanation"])["一氧化碳"]
    assert (found["value"], found["valid"], found["expected"]) == (None, 1, 4)
    assert found["rule"]["zh"] == "有效点位1个，共4个，不足75%，统计结果无效"
    assert [part["value"] for part in found["parts"]] == [0.7, None, None, None]


def test_only_what_was_not_sent_for_a_city_is_explained_by_its_stations(world: World, client: httpx.Client) -> None:
    """What was sent is as measured, and a city without stations has nothing below it."""
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.hour(CITY, "2026-11-25T08:00:00+08:00", {"pm25": "70"})
    world.hour(CITY, "2026-11-25T07:00:00+08:00", {"pm25": "70"})
    before, last = hours(client, CITY, "2026-11-25", "2026-11-26", explain="true")
    found = concentrations(last["explanation"])
    assert (found["细颗粒物"]["value"], found["细颗粒物"]["parts"]) == (70, [])
    assert [part["value"] for part in found["二氧化氮"]["parts"]] == [30, None]
    assert concentrations(before["explanation"])["二氧化氮"]["rule"]["zh"] == "此时没有参评点位，没有统计结果"


def test_hours_are_explained_a_month_at_a_time(client: httpx.Client) -> None:
    """Both sides of the limit."""
    address = "/api/v1/stations/1235A/hours?start=2026-10-01&explain=true&end="
    assert client.get(f"{address}2026-11-01").status_code == 200
    refused = client.get(f"{address}2026-11-02")
    assert (refused.status_code, "at most 31 days would do" in refused.json()["detail"]) == (422, True)
