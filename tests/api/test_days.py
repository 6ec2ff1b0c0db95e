"""Days of cities and their good-air rates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from qingchuan.processing.periods import day_start, to_beijing
from tests.api.world import CITY, GOOD_DAY, GOOD_HOUR, SUBJECTS, World

BAD_DAY = {**GOOD_DAY, "pm25": "130"}


def days(client: httpx.Client, start: str, end: str, **query: int) -> list[dict[str, Any]]:
    """Days of the city."""
    answer = client.get(f"/api/v1/cities/{CITY}/days", params={"start": start, "end": end, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["days"]
    return found


def rate(client: httpx.Client, start: str, end: str) -> dict[str, Any]:
    """Good-air rate of the city."""
    answer = client.get(f"/api/v1/cities/{CITY}/good-air-rate", params={"start": start, "end": end})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["rate"]
    return found


def fill_day(world: World, station: str, day: str, hours: int) -> None:
    """The first `hours` hours of a natural day of a station; ozone rises with them."""
    start = day_start(date.fromisoformat(day))
    for hour in range(1, hours + 1):
        world.hour(station, to_beijing(start + hour * 3600).isoformat(), {**GOOD_HOUR, "o3": str(10 * hour)})


def test_a_day_that_was_sent_is_told_as_it_was_sent(world: World, client: httpx.Client) -> None:
    """With the maximum 8-hour mean of ozone in place of the hour's ozone."""
    number = world.day(CITY, "2026-11-24", GOOD_DAY)
    [day] = days(client, "2026-11-24", "2026-11-25")
    assert (day["date"], day["edition"], day["origin"], day["sequence"]) == (
        "2026-11-24",
        "HJ 633—2026",
        "reported",
        number,
    )
    assert set(day["items"]) == set(GOOD_DAY)
    assert (day["aqi"], day["level"]["number"]) == (58, 2)
    assert day["primary"] == ["pm10"]


def test_rules_that_stand_in_for_an_edition_say_so(world: World, client: httpx.Client) -> None:
    """HJ 663—2026 is not at hand: its place is taken by the edition of 2013, from 1 March 2026 on."""
    for day in ("2026-02-28", "2026-03-01"):
        world.day(CITY, day, GOOD_DAY)
    before, after = days(client, "2026-02-01", "2026-04-01")
    assert (before["edition"], before["rules"]) == (
        "HJ 633—2012",
        {"validity": "HJ 663—2013", "stands_in_for": None},
    )
    assert (after["edition"], after["rules"]) == (
        "HJ 633—2026",
        {"validity": "HJ 663—2013", "stands_in_for": "HJ 663—2026"},
    )


def test_a_day_that_was_not_sent_is_derived_from_the_hours_of_the_stations(world: World, client: httpx.Client) -> None:
    """Twenty hours are enough; the largest 8-hour mean of 10, 20, … 240 is that of the last eight, 205."""
    for station in ("1234A", "1235A"):
        fill_day(world, station, "2026-11-24", 24)
    [day] = days(client, "2026-11-24", "2026-11-25")
    assert (day["origin"], day["stations"], day["sequence"]) == ("derived", {"valid": 2, "of": 2}, world.sequence)
    assert (day["items"]["pm25"]["value"], day["items"]["co"]["value"]) == (35, 0.7)
    assert day["items"]["o3_8h"]["value"] == round((170 + 240) / 2)
    assert day["complete"] is True


def test_a_derived_day_of_a_city_explains_itself_down_to_its_stations(world: World, client: httpx.Client) -> None:
    """Each by its own mean of the day; one has too few hours, but enough means of 8 hours."""
    fill_day(world, "1234A", "2026-11-24", 24)
    fill_day(world, "1235A", "2026-11-24", 19)
    found = client.get(f"/api/v1/cities/{CITY}/days?start=2026-11-24&end=2026-11-25&explain=true").json()
    [day] = found["days"]
    for part in day["explanation"]["parts"]:
        [mean] = part["parts"]
        assert mean["value"] is not None
        assert (mean["valid"], mean["expected"]) == (2 if "臭氧" in part["name"]["zh"] else 1, 2)
        assert [station["name"]["en"] for station in mean["parts"]] == ["District building", "Wanli College"]
    fine = day["explanation"]["parts"][3]["parts"][0]
    assert [station["value"] for station in fine["parts"]] == [35, None]


def test_a_day_with_19_hours_has_no_mean(world: World, client: httpx.Client) -> None:
    """One hour less than GB 3095 asks for; with 20 it has."""
    for station in ("1234A", "1235A"):
        fill_day(world, station, "2026-11-23", 20)
        fill_day(world, station, "2026-11-24", 19)
    enough, too_few = days(client, "2026-11-23", "2026-11-25")
    assert (enough["items"]["pm25"]["value"], too_few["items"]["pm25"]["value"]) == (35, None)


def test_an_item_that_was_not_sent_is_derived_beside_those_that_were(world: World, client: httpx.Client) -> None:
    """A city that sends all but one item."""
    for station in ("1234A", "1235A"):
        fill_day(world, station, "2026-11-24", 24)
    world.day(CITY, "2026-11-24", {item: "20" for item in GOOD_DAY if item != "pm25"})
    [day] = days(client, "2026-11-24", "2026-11-25")
    assert (day["items"]["pm10"]["value"], day["items"]["pm25"]["value"]) == (20, 35)
    assert day["origin"] == "reported"


def test_days_that_are_derived_are_the_same_however_they_are_asked_for(world: World, client: httpx.Client) -> None:
    """One by one, or around a day that was sent."""
    for station in ("1234A", "1235A"):
        for day in ("2026-11-20", "2026-11-22"):
            fill_day(world, station, day, 24)
    world.day(CITY, "2026-11-21", BAD_DAY)
    together = days(client, "2026-11-19", "2026-11-24")
    singly = [
        day
        for start in ("2026-11-20", "2026-11-21", "2026-11-22")
        for day in days(client, start, (date.fromisoformat(start) + timedelta(1)).isoformat())
    ]
    assert together == singly
    assert [day["origin"] for day in together] == ["derived", "reported", "derived"]


def test_as_of_shows_a_day_before_it_was_corrected(world: World, client: httpx.Client) -> None:
    """The corrected day is another level."""
    first = world.day(CITY, "2026-11-24", GOOD_DAY)
    world.day(CITY, "2026-11-24", {"pm25": "130"})
    [before] = days(client, "2026-11-24", "2026-11-25", as_of=first)
    [after] = days(client, "2026-11-24", "2026-11-25")
    assert (before["level"]["number"], after["level"]["number"]) == (2, 4)


def test_the_rate_is_the_share_of_good_days_with_one_decimal(world: World, client: httpx.Client) -> None:
    """33 of 38 days are 86.842 %, that is 86.8 %."""
    first = date(2026, 10, 1)
    for number in range(38):
        world.day(CITY, (first + timedelta(number)).isoformat(), BAD_DAY if number < 5 else GOOD_DAY)
    found = rate(client, "2026-10-01", "2026-11-10")
    assert (found["good"], found["valid"], found["days"], found["rate"]) == (33, 38, 40, 86.8)
    assert found["by_level"] == {"2": 33, "4": 5}
    assert found["editions"] == ["HJ 633—2026"]


def test_a_rate_over_a_change_of_editions_names_both(world: World, client: httpx.Client) -> None:
    """Each day counts by its own edition; PM10 of 140 is 95 by one and above 100 by the other."""
    for day in ("2026-02-28", "2026-03-01"):
        world.day(CITY, day, {**GOOD_DAY, "pm10": "140"})
    found = rate(client, "2026-02-28", "2026-03-02")
    assert found["editions"] == ["HJ 633—2012", "HJ 633—2026"]
    assert (found["good"], found["valid"], found["rate"]) == (1, 2, 50.0)


def test_an_incomplete_day_counts_only_when_it_is_bad_already(world: World, client: httpx.Client) -> None:
    """Whatever is missing, it would not be good."""
    world.day(CITY, "2026-11-23", {"pm25": "35"})
    world.day(CITY, "2026-11-24", {"pm25": "130"})
    found = rate(client, "2026-11-23", "2026-11-25")
    assert (found["good"], found["valid"], found["days"], found["rate"]) == (0, 1, 2, 0.0)


def test_a_period_without_a_valid_day_has_no_rate(client: httpx.Client) -> None:
    """Missing is not 0 %; an empty period is no error."""
    assert rate(client, "2026-11-01", "2026-11-25")["rate"] is None
    empty = rate(client, "2026-11-01", "2026-11-01")
    assert (empty["days"], empty["valid"], empty["rate"]) == (0, 0, None)


def test_a_day_in_progress_has_no_result_yet(world: World, client: httpx.Client) -> None:
    """At 20:05 twenty valid hours are there; the day counts from its end on, and not a second earlier."""
    for station in ("1234A", "1235A"):
        fill_day(world, station, "2026-11-25", 20)
    counts = []
    for now in ("2026-11-25T20:05:00+08:00", "2026-11-25T23:59:59+08:00", "2026-11-26T00:00:00+08:00"):
        world.clock.time = now
        found = rate(client, "2026-11-25", "2026-12-01")
        counts.append((len(days(client, "2026-11-25", "2026-12-01")), found["valid"], found["days"]))
    assert counts == [(0, 0, 0), (0, 0, 0), (1, 1, 1)]


def test_a_day_that_was_in_progress_then_has_no_result_as_of_then(world: World, client: httpx.Client) -> None:
    """However late it is asked for."""
    world.clock.time = "2026-11-25T20:05:00+08:00"
    for station in ("1234A", "1235A"):
        fill_day(world, station, "2026-11-25", 20)
    then = world.sequence
    world.clock.time = "2026-11-26T00:05:00+08:00"
    later = world.hour("1234A", "2026-11-26T00:00:00+08:00", GOOD_HOUR)
    world.clock.time = "2026-11-27T08:00:00+08:00"
    assert days(client, "2026-11-25", "2026-11-26", as_of=then) == []
    [day] = days(client, "2026-11-25", "2026-11-26", as_of=later)
    assert day["items"]["pm25"]["value"] == 35


def test_a_day_says_whether_it_counts_in_the_rate(world: World, client: httpx.Client) -> None:
    """An incomplete one that is bad counts, one that would be good does not; HJ 633—2012 publishes both."""
    world.day(CITY, "2026-02-24", GOOD_DAY)
    world.day(CITY, "2026-02-25", {"pm25": "35"})
    world.day(CITY, "2026-02-26", {"pm25": "130"})
    found = days(client, "2026-02-24", "2026-02-27")
    assert [(day["published"], day["counted"]) for day in found] == [(True, True), (True, False), (True, True)]
    counted = rate(client, "2026-02-24", "2026-02-27")
    assert (counted["good"], counted["valid"]) == (1, 2)


def test_a_day_that_was_sent_rests_on_no_station(world: World, client: httpx.Client) -> None:
    """It says nothing about stations, not that none was valid; a day for which nothing was sent does."""
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-23T08:00:00+08:00", GOOD_HOUR)
    world.day(CITY, "2026-11-24", GOOD_DAY)
    missing, sent = days(client, "2026-11-23", "2026-11-25")
    assert (missing["stations"], sent["stations"]) == ({"valid": 0, "of": 0}, None)


def test_a_station_counts_from_its_first_whole_day_on(world: World, client: httpx.Client) -> None:
    """One that begins at noon takes no day away; one that begins with enough hours of a day counts for it."""
    for station in ("1234A", "1235A"):
        for day in ("2026-11-22", "2026-11-23", "2026-11-24"):
            fill_day(world, station, day, 24)
    world.announce({"1236A": SUBJECTS["1234A"], "1237A": SUBJECTS["1234A"]})
    for station, first in (("1236A", 13), ("1237A", 3)):
        start = day_start(date(2026, 11, 23))
        for hour in range(first, 25):
            world.hour(station, to_beijing(start + hour * 3600).isoformat(), GOOD_HOUR)
    found = days(client, "2026-11-22", "2026-11-25")
    assert [day["stations"] for day in found] == [{"valid": 2, "of": 2}, {"valid": 3, "of": 3}, {"valid": 2, "of": 4}]
    assert [day["items"]["pm25"]["value"] for day in found] == [35, 35, None]


def test_a_rate_names_the_rules_of_its_last_day(world: World, client: httpx.Client) -> None:
    """So that whoever sees it learns that one edition stands in for another."""
    world.day(CITY, "2026-02-28", GOOD_DAY)
    assert rate(client, "2026-02-01", "2026-03-01")["rules"] == {"validity": "HJ 663—2013", "stands_in_for": None}
    standing_in = {"validity": "HJ 663—2013", "stands_in_for": "HJ 663—2026"}
    assert rate(client, "2026-02-01", "2026-03-02")["rules"] == standing_in
    assert rate(client, "2026-11-01", "2026-11-01")["rules"] is None


@pytest.mark.parametrize("day", ["1970-01-02", "2001-06-01", "2005-06-01", "2011-06-01", "2012-02-28"])
def test_days_of_before_the_first_edition_have_values_and_no_index(
    world: World, client: httpx.Client, day: str
) -> None:
    """They do not count, and nothing is derived by rules that did not exist."""
    for station in ("1234A", "1235A"):
        fill_day(world, station, day, 24)
    end = (date.fromisoformat(day) + timedelta(1)).isoformat()
    [derived] = days(client, day, end)
    assert (derived["items"]["pm25"]["value"], derived["edition"], derived["rules"]) == (None, None, None)
    world.day(CITY, day, GOOD_DAY)
    [sent] = days(client, day, end)
    assert (sent["items"]["pm25"]["value"], sent["aqi"], sent["published"], sent["counted"]) == (35, None, False, False)
    found = rate(client, day, end)
    assert (found["valid"], found["days"], found["rate"], found["editions"], found["rules"]) == (0, 1, None, [], None)


def test_days_are_derived_from_the_first_day_of_the_index_on(world: World, client: httpx.Client) -> None:
    """A range over that day has both; HJ 663 itself is of 2013."""
    for station in ("1234A", "1235A"):
        for day in ("2012-02-28", "2012-02-29"):
            fill_day(world, station, day, 24)
    before, after = days(client, "2012-02-28", "2012-03-01")
    assert (before["edition"], before["aqi"]) == (None, None)
    assert (after["edition"], after["rules"]["validity"], after["items"]["pm25"]["value"]) == (
        "HJ 633—2012",
        "HJ 663—2013",
        35,
    )


def test_a_day_with_ozone_beyond_the_table_of_2012_has_no_index(world: World, client: httpx.Client) -> None:
    """It is not given by what is left, and does not count."""
    world.day(CITY, "2026-02-28", {**GOOD_DAY, "o3_8h": "801"})
    [day] = days(client, "2026-02-28", "2026-03-01")
    assert (day["aqi"], day["published"], day["complete"], day["counted"]) == (None, False, True, False)
    assert rate(client, "2026-02-28", "2026-03-01")["rate"] is None


def test_a_day_explains_its_index(world: World, client: httpx.Client) -> None:
    """One before the first edition has none, and no explanation either."""
    world.day(CITY, "2026-11-20", GOOD_DAY | {"pm25": "90"})
    world.day(CITY, "2011-11-20", GOOD_DAY)
    answer = client.get(f"/api/v1/cities/{CITY}/days?start=2026-11-20&end=2026-11-21&explain=true").json()
    [day] = answer["days"]
    assert day["explanation"]["value"] == day["aqi"] == 128
    old = client.get(f"/api/v1/cities/{CITY}/days?start=2011-11-20&end=2011-11-21&explain=true").json()
    assert old["days"][0]["explanation"] is None
