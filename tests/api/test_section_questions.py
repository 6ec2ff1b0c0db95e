"""Budgets of sections, and how the class of a reading came about."""

from __future__ import annotations

import httpx
import pytest

from tests.api.water import ask, refused
from tests.api.world import CLEAN_READING, World


def months(world: World, last: int, values: dict[str, str], year: int = 2026) -> None:
    """A reading in each month of a year up to `last`."""
    for month in range(1, last + 1):
        world.reading("yaojiang", f"{year}-{month:02}-05T08:00:00+08:00", values)


def test_the_budget_says_how_low_an_item_must_stay(world: World, client: httpx.Client) -> None:
    """Ten months of ammonia at 1.02 mg/L leave 0.93 mg/L for the two that remain, as 1.005 rounds to 1.0."""
    months(world, 10, {"nh3n": "1.02"})
    answer = ask(client, "sections/yaojiang/budget")
    assert (answer["year"], answer["class"]["name"], answer["months_over"], answer["remaining"]) == (2026, "Ⅲ", 10, 2)
    assert answer["state"] == "open"
    assert answer["items"] == {
        "nh3n": {
            "name": {"zh": "氨氮", "en": "Ammonia nitrogen"},
            "state": "open",
            "bound": 0.93,
            "side": "at_most",
            "limit": 1.0,
            "mean": 1.02,
            "months": 10,
        }
    }


def test_the_running_month_still_remains(world: World, client: httpx.Client) -> None:
    """What it holds so far says nothing about its end."""
    months(world, 10, {"nh3n": "1.02"})
    world.reading("yaojiang", "2026-11-05T08:00:00+08:00", {"nh3n": "9"})
    assert ask(client, "sections/yaojiang/budget")["items"]["nh3n"]["bound"] == 0.93


def test_oxygen_has_a_bound_from_below_and_ph_has_none(world: World, client: httpx.Client) -> None:
    """A range judges the latter."""
    months(world, 10, {"do": "4.9", "ph": "7"})
    items = ask(client, "sections/yaojiang/budget")["items"]
    assert (items["do"]["side"], items["do"]["state"], items["do"]["bound"]) == ("at_least", "open", 5.2)
    assert (items["ph"]["state"], items["ph"]["side"], items["ph"]["limit"]) == ("not_asked", None, None)


@pytest.mark.parametrize(("class_", "state"), [(5, "open"), (3, "out_of_reach")])
def test_another_class_can_be_asked_for(world: World, client: httpx.Client, class_: int, state: str) -> None:
    """Ten months at 1.5 mg/L of phosphorus are beyond Ⅲ whatever comes."""
    months(world, 10, {"tp": "0.4" if class_ == 5 else "1.5"})
    answer = ask(client, "sections/yaojiang/budget", **{"class": class_})
    assert (answer["class"]["number"], answer["target_class"], answer["state"]) == (class_, 3, state)


@pytest.mark.parametrize(("value", "state"), [("0.2", "safe"), ("0.201", "out_of_reach")])
def test_of_a_year_that_is_over_nothing_remains(world: World, client: httpx.Client, value: str, state: str) -> None:
    """It reached its class or it did not."""
    months(world, 12, {"tp": value}, 2025)
    answer = ask(client, "sections/yaojiang/budget", year=2025)
    assert (answer["months_over"], answer["remaining"], answer["state"]) == (12, 0, state)


def test_in_january_the_whole_year_remains(world: World, client: httpx.Client) -> None:
    """No month is over: the bound is that of the class."""
    world.clock.time = "2026-01-20T08:00:00+08:00"
    world.reading("yaojiang", "2026-01-05T08:00:00+08:00", {"tp": "0.1"})
    answer = ask(client, "sections/yaojiang/budget")
    assert (answer["months_over"], answer["remaining"], answer["items"]["tp"]["bound"]) == (0, 12, 0.2)
    assert answer["items"]["tp"]["mean"] is None


def test_a_budget_explains_itself(world: World, client: httpx.Client) -> None:
    """In the words of its bound."""
    months(world, 10, {"nh3n": "1.02"})
    told = ask(client, "sections/yaojiang/budget", explain=True)["explanation"]
    assert told["parts"][0]["rule"]["zh"].endswith("余2个月均值不得高于0.93 mg/L")
    assert "explanation" not in ask(client, "sections/yaojiang/budget")


def test_a_section_without_a_target_needs_a_class(client: httpx.Client) -> None:
    """The problem says how to give one; years that have not begun have no budget."""
    assert "class=3 asks for class Ⅲ" in refused(client, "sections/dongqian/budget", 422)
    assert "up to 2026 would do" in refused(client, "sections/yaojiang/budget", 422, year=2027)
    refused(client, "sections/yaojiang/budget", 422, year=2001)


def test_a_reading_explains_its_class_item_by_item(world: World, client: httpx.Client) -> None:
    """With when each value was measured, and what is missing."""
    world.reading("yaojiang", "2026-11-24T08:00:00+08:00", {**CLEAN_READING, "tp": "0.25"})
    world.reading("yaojiang", "2026-11-24T10:30:00+08:00", {"do": "8"})
    answer = ask(client, "sections/yaojiang/explain", time="2026-11-24T11:00:00+08:00")
    told, parts = answer["explanation"], {part["name"]["en"]: part for part in answer["explanation"]["parts"]}
    assert (answer["reading"]["time"], answer["reading"]["class"]["name"], told["value"]) == (
        "2026-11-24T10:30:00+08:00",
        "Ⅳ",
        {"zh": "Ⅳ", "en": "Ⅳ"},
    )
    assert (told["valid"], told["expected"]) == (4, 5)
    assert parts["Total phosphorus"]["rule"]["zh"] == "0.25 mg/L 超过Ⅲ类限值 0.2，不超过Ⅳ类限值 0.3，为Ⅳ类"
    [measured] = parts["Total phosphorus"]["parts"]
    assert measured["value"] == "2026-11-24T08:00:00+08:00"
    assert measured["rule"]["zh"] == "2026-11-24 08:00 测得，至读数时已 2 小时 30 分，在监测周期内仍有效"
    assert parts["Dissolved oxygen"]["parts"][0]["rule"]["zh"].endswith("即本次读数")
    assert (parts["pH"]["value"], parts["pH"]["parts"]) == (None, [])


def test_without_a_time_the_latest_reading_is_explained(world: World, client: httpx.Client) -> None:
    """Also one whose clock is a little ahead of ours."""
    world.reading("yaojiang", "2026-11-25T08:10:00+08:00", CLEAN_READING)
    assert ask(client, "sections/yaojiang/explain")["reading"]["time"] == "2026-11-25T08:10:00+08:00"


def test_a_suspect_value_does_not_explain_a_class(world: World, client: httpx.Client) -> None:
    """It is shown in the reading and is missing in the explanation."""
    world.reading("yaojiang", "2026-11-24T08:00:00+08:00", {**CLEAN_READING, "tp": "9"}, flags={"tp": 3})
    parts = ask(client, "sections/yaojiang/explain")["explanation"]["parts"]
    assert [part["value"] for part in parts if part["name"]["en"] == "Total phosphorus"] == [None]


def test_a_reading_of_before_the_first_edition_has_no_explanation(world: World, client: httpx.Client) -> None:
    """It is shown without a class."""
    world.reading("yaojiang", "2001-11-24T08:00:00+08:00", CLEAN_READING)
    answer = ask(client, "sections/yaojiang/explain", time="2001-11-24T08:00:00+08:00")
    assert (answer["explanation"], answer["reading"]["class"]) == (None, None)


def test_where_there_is_no_reading_nothing_is_explained(world: World, client: httpx.Client) -> None:
    """One of eight days ago is too old, one of seven is not."""
    world.reading("yaojiang", "2026-11-10T08:00:00+08:00", CLEAN_READING)
    assert ask(client, "sections/yaojiang/explain", time="2026-11-17T08:00:00+08:00")["reading"]["class"]
    detail = refused(client, "sections/yaojiang/explain", 404, time="2026-11-17T08:00:01+08:00")
    assert "no reading within seven days up to 2026-11-17T08:00:01+08:00" in detail
