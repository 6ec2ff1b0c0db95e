"""Readings of sections and their classes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.world import CLEAN_READING, World


def readings(client: httpx.Client, section: str, start: str, end: str, **query: int) -> list[dict[str, Any]]:
    """Readings of a section."""
    answer = client.get(f"/api/v1/sections/{section}/classes", params={"start": start, "end": end, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["readings"]
    return found


def test_the_class_is_that_of_the_worst_item(world: World, client: httpx.Client) -> None:
    """Phosphorus of 0.25 mg/L in a river is class Ⅳ."""
    number = world.reading("yaojiang", "2026-11-25T08:00:00+08:00", {**CLEAN_READING, "tp": "0.25"})
    [reading] = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert (reading["time"], reading["sequence"]) == ("2026-11-25T08:00:00+08:00", number)
    assert (reading["class"]["number"], reading["class"]["name"], reading["class"]["status"]["zh"]) == (
        4,
        "Ⅳ",
        "轻度污染",
    )
    assert reading["deciding"] == ["tp"]
    assert reading["edition"] == "GB 3838—2002"
    assert reading["items"]["tp"] == {
        "value": 0.25,
        "class": 4,
        "flag": 2,
        "time": "2026-11-25T08:00:00+08:00",
        "age": 0,
        "valid": True,
    }


@pytest.mark.parametrize(("section", "expected"), [("yaojiang", "Ⅱ"), ("dongqian", "Ⅳ")])
def test_phosphorus_is_judged_by_the_kind_of_water_body(
    world: World, client: httpx.Client, section: str, expected: str
) -> None:
    """0.1 mg/L is class Ⅱ in a river and Ⅳ in a lake."""
    world.reading(section, "2026-11-25T08:00:00+08:00", {**CLEAN_READING, "tp": "0.1"})
    [reading] = readings(client, section, "2026-11-25", "2026-11-26")
    assert reading["class"]["name"] == expected


def test_a_value_goes_on_for_its_cycle_and_shows_its_age(world: World, client: httpx.Client) -> None:
    """Analysers measure every four hours: after four a value still counts, after five it does not."""
    world.reading("yaojiang", "2026-11-25T00:00:00+08:00", {**CLEAN_READING, "tp": "0.25"})
    probes = {item: CLEAN_READING[item] for item in ("ph", "do")}
    for hour in (4, 5):
        world.reading("yaojiang", f"2026-11-25T0{hour}:00:00+08:00", probes)
    _, young, old = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert young["class"]["number"] == 4
    assert young["items"]["tp"]["age"] == 4 * 3600
    assert young["items"]["tp"]["time"] == "2026-11-25T00:00:00+08:00"
    assert old["items"]["tp"] == {"value": None, "class": None, "flag": 9, "time": None, "age": None, "valid": False}
    assert old["class"]["number"] == 1


def test_a_value_from_before_the_range_goes_on_in_it(world: World, client: httpx.Client) -> None:
    """The same reading has the same class, whatever the range."""
    world.reading("yaojiang", "2026-11-24T22:00:00+08:00", {**CLEAN_READING, "tp": "0.25"})
    world.reading("yaojiang", "2026-11-25T01:00:00+08:00", {"ph": "7.5"})
    [reading] = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert reading["class"]["number"] == 4


def test_a_suspect_value_is_shown_and_does_not_judge(world: World, client: httpx.Client) -> None:
    """An earlier valid value within its cycle would take its place; here there is none."""
    world.reading("yaojiang", "2026-11-25T08:00:00+08:00", {**CLEAN_READING, "tp": "9"}, flags={"tp": 3})
    [reading] = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert reading["class"]["number"] == 1
    assert (reading["items"]["tp"]["value"], reading["items"]["tp"]["valid"]) == (9, False)
    assert (reading["items"]["tp"]["class"], reading["items"]["tp"]["flag"]) == (None, 3)


def test_other_items_are_shown_without_a_class(world: World, client: httpx.Client) -> None:
    """Nitrogen never judges in real time; what was never told is not listed."""
    world.reading("dongqian", "2026-11-25T08:00:00+08:00", {**CLEAN_READING, "tn": "9.9"})
    [reading] = readings(client, "dongqian", "2026-11-25", "2026-11-26")
    assert (reading["items"]["tn"]["value"], reading["items"]["tn"]["class"]) == (9.9, None)
    assert set(reading["items"]) == {*CLEAN_READING, "tn"}


def test_a_reading_without_any_judging_item_has_no_class(world: World, client: httpx.Client) -> None:
    """Missing is not class Ⅰ."""
    world.reading("yaojiang", "2026-11-25T08:00:00+08:00", {"temperature": "18.5"})
    [reading] = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert (reading["class"], reading["deciding"]) == (None, [])
    assert reading["items"]["ph"]["value"] is None


def test_as_of_shows_a_reading_before_it_was_corrected(world: World, client: httpx.Client) -> None:
    """The corrected value is another class."""
    first = world.reading("yaojiang", "2026-11-25T08:00:00+08:00", CLEAN_READING)
    world.reading("yaojiang", "2026-11-25T08:00:00+08:00", {"tp": "0.5"})
    day = ("yaojiang", "2026-11-25", "2026-11-26")
    assert readings(client, *day, as_of=first)[0]["class"]["number"] == 2
    assert readings(client, *day)[0]["class"]["name"] == "劣Ⅴ"


def test_the_end_of_the_range_is_not_in_it(world: World, client: httpx.Client) -> None:
    """A reading at its very end belongs to the next range."""
    for hour in ("07", "08"):
        world.reading("yaojiang", f"2026-11-25T{hour}:00:00+08:00", CLEAN_READING)
    found = readings(client, "yaojiang", "2026-11-25T07:00:00+08:00", "2026-11-25T08:00:00+08:00")
    assert [reading["time"] for reading in found] == ["2026-11-25T07:00:00+08:00"]


@pytest.mark.parametrize(
    "time", ["1970-01-02T08:00:00+08:00", "2001-06-01T08:00:00+08:00", "2002-05-31T23:00:00+08:00"]
)
def test_a_reading_of_before_the_first_edition_has_values_and_no_class(
    world: World, client: httpx.Client, time: str
) -> None:
    """It is shown, and breaks nothing."""
    world.reading("yaojiang", time, {**CLEAN_READING, "tp": "0.45"})
    [reading] = readings(client, "yaojiang", f"{time[:4]}-01-01", f"{time[:4]}-12-31")
    assert (reading["class"], reading["deciding"], reading["edition"]) == (None, [], None)
    assert (reading["items"]["tp"]["value"], reading["items"]["tp"]["class"]) == (0.45, None)


@pytest.mark.parametrize(
    "time", ["2002-06-01T00:00:00+08:00", "2005-06-01T08:00:00+08:00", "2011-03-08T23:00:00+08:00"]
)
def test_a_reading_of_before_the_words_of_2011_is_named_by_them(world: World, client: httpx.Client, time: str) -> None:
    """The classes are older than their words."""
    world.reading("yaojiang", time, {**CLEAN_READING, "tp": "0.45"})
    [reading] = readings(client, "yaojiang", f"{time[:4]}-01-01", f"{time[:4]}-12-31")
    assert (reading["class"]["name"], reading["class"]["status"]["zh"]) == ("劣Ⅴ", "重度污染")


def test_a_range_over_the_first_day_of_the_classes_has_both(world: World, client: httpx.Client) -> None:
    """The night from 31 May to 1 June 2002."""
    for time in ("2002-05-31T23:00:00+08:00", "2002-06-01T00:00:00+08:00"):
        world.reading("yaojiang", time, CLEAN_READING)
    before, after = readings(client, "yaojiang", "2002-05-31", "2002-06-02")
    assert (before["class"], after["class"]["name"]) == (None, "Ⅱ")


def test_a_negative_concentration_is_shown_and_does_not_judge(world: World, client: httpx.Client) -> None:
    """Stations send −1 for nothing: an earlier value goes on; a temperature below zero is a temperature."""
    world.reading("yaojiang", "2026-11-25T06:00:00+08:00", {**CLEAN_READING, "tp": "0.25"})
    number = world.reading("yaojiang", "2026-11-25T07:00:00+08:00", {"tp": "-1", "nh3n": "-1", "temperature": "-0.2"})
    _, reading = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert (reading["class"]["name"], reading["sequence"]) == ("Ⅳ", number)
    assert (reading["items"]["tp"]["value"], reading["items"]["tp"]["age"]) == (0.25, 3600)
    assert (reading["items"]["temperature"]["value"], reading["items"]["temperature"]["valid"]) == (-0.2, True)
    world.reading("dongqian", "2026-11-25T07:00:00+08:00", dict.fromkeys(CLEAN_READING, "-1"))
    [none] = readings(client, "dongqian", "2026-11-25", "2026-11-26")
    assert (none["items"]["tp"]["value"], none["items"]["tp"]["valid"], none["items"]["tp"]["class"]) == (
        -1,
        False,
        None,
    )


def test_a_reading_names_the_newest_message_behind_any_of_its_values(world: World, client: httpx.Client) -> None:
    """Also where a value that goes on was corrected after the reading came."""
    world.reading("yaojiang", "2026-11-25T06:00:00+08:00", CLEAN_READING)
    later = world.reading("yaojiang", "2026-11-25T07:00:00+08:00", {"ph": "7.5"})
    newest = world.reading("yaojiang", "2026-11-25T06:00:00+08:00", {"tp": "0.45"})
    _, reading = readings(client, "yaojiang", "2026-11-25", "2026-11-26")
    assert (later < newest, reading["sequence"], reading["class"]["name"]) == (True, newest, "劣Ⅴ")
