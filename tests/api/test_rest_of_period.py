"""What the rest of a period must be: budgets with their chance, and places that can be gained."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from qingchuan.store.subjects import City, Name, Subject
from tests.api.world import CITY, GOOD_DAY, World

BAD_DAY = GOOD_DAY | {"pm25": "90"}
SHANGHAI, HANGZHOU = "310000", "330100"
OTHERS: dict[str, Subject] = {
    SHANGHAI: City(Name("上海", "Shanghai"), simulated=True),
    HANGZHOU: City(Name("杭州", "Hangzhou"), simulated=True),
}
NOVEMBER = {"start": "2026-11-01", "end": "2026-12-01"}


def _month(world: World, city: str, first: str, days: list[dict[str, str]]) -> None:
    begin = date.fromisoformat(first)
    for number, values in enumerate(days):
        world.day(city, str(begin + timedelta(days=number)), values)


def _budget(client: httpx.Client, **asked: float) -> dict[str, Any]:
    answer = client.get(f"/api/v1/cities/{CITY}/budget", params={**NOVEMBER, **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def _what_if(client: httpx.Client, city: str = CITY, **asked: float) -> dict[str, Any]:
    answer = client.get(f"/api/v1/cities/{city}/what-if", params={**NOVEMBER, **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.fixture
def november(world: World) -> World:
    """24 days of November are over, four of them bad; the same dates of last year had one bad day at their end."""
    _month(world, CITY, "2026-11-01", [BAD_DAY] * 4 + [GOOD_DAY] * 20)
    _month(world, CITY, "2025-11-01", [GOOD_DAY] * 29 + [BAD_DAY])
    return world


@pytest.fixture
def country(november: World) -> World:
    """Beside Ningbo, Shanghai with better air and Hangzhou with worse."""
    november.announce(OTHERS)
    _month(november, SHANGHAI, "2026-11-01", [GOOD_DAY | {"pm25": "34"}] * 24)
    _month(november, HANGZHOU, "2026-11-01", [GOOD_DAY | {"pm25": "80"}] * 24)
    return november


def test_a_rate_tells_how_many_of_the_remaining_days_may_be_bad(november: World, client: httpx.Client) -> None:
    """20 of 24 are good; of 30 days 25 make 83.3 %, so that one of the six that remain may be bad, and not two."""
    found = _budget(client, target=83.3)
    assert november.sequence == found["sequence"]
    assert (found["left"], found["asked"]["days_over"]) == (6, 24)
    rate = found["rate"]
    assert (rate["rate"], rate["good"], rate["counted"]) == (83.3, 20, 24)
    assert (rate["good_needed"], rate["bad_allowed"], rate["state"]) == (5, 1, "open")
    assert found["pm25"] is None
    assert found["heavy"] is None


@pytest.mark.parametrize(("target", "state"), [(66.7, "safe"), (86.7, "open"), (86.8, "out-of-reach")])
def test_both_sides_of_what_can_be_reached(november: World, client: httpx.Client, target: float, state: str) -> None:
    """20 of 30 are safe, 26 of 30 are 86.7 %, and no more can be had."""
    assert november.sequence
    assert _budget(client, target=target)["rate"]["state"] == state


def test_a_chance_names_the_years_that_it_rests_on(november: World, client: httpx.Client) -> None:
    """One year is known: with its rest, five good days and a bad one, 83.3 % are reached and 86.7 % are not."""
    assert november.sequence
    chance = _budget(client, target=83.3)["rate"]["chance"]
    assert chance["years"] == [{"year": 2025, "figure": 83.3, "reached": True}]
    assert (chance["reached"], chance["probability"]) == (1, 1.0)
    missed = _budget(client, target=86.7)["rate"]["chance"]
    assert (missed["reached"], missed["probability"]) == (0, 0.0)


def test_a_mean_tells_what_the_remaining_days_may_hold(november: World, client: httpx.Client) -> None:
    """4 × 90 and 20 × 35 are 1,060; for a rounded mean of 40 all 30 may come to 1,215, so the last six to 155."""
    assert november.sequence
    found = _budget(client, pm25_target=40)["pm25"]
    assert (found["mean"], found["counted"], found["state"]) == (44, 24, "open")
    assert (found["largest_mean"], found["largest_level"]) == (25.8, 25)


def test_days_of_heavy_pollution_are_counted_against_their_number(november: World, client: httpx.Client) -> None:
    """None so far; a PM2.5 of 90 is light pollution."""
    assert november.sequence
    found = _budget(client, heavy_target=2)["heavy"]
    assert (found["so_far"], found["allowed"], found["above"], found["state"]) == (0, 2, 200, "open")


def test_every_budget_and_chance_can_be_explained(november: World, client: httpx.Client) -> None:
    """Each with its clause, or as what is known of earlier years."""
    assert november.sequence
    trees = _budget(client, target=83.3, pm25_target=40, heavy_target=2, explain=True)["explanations"]
    assert [tree["name"]["en"] for tree in trees] == [
        "budget of the good-air rate",
        "chance of a good-air rate of at least 83.3 %",
        "budget of the mean of Fine particles",
        "chance of a mean of Fine particles of at most 40 µg/m³",
        "budget of days of heavy pollution",
    ]
    assert [bool(tree["source"]) for tree in trees] == [True, False, True, False, True]


@pytest.mark.parametrize(("asked", "judged"), [(83.3, 83.3), (83.31, 83.4), (83.35, 83.4), (80, 80.0), (99.99, 100.0)])
def test_a_target_between_two_published_rates_is_reached_with_the_higher(
    november: World, client: httpx.Client, asked: float, judged: float
) -> None:
    """A rate is told with one decimal, and 83.3 % is not 83.31 %."""
    assert november.sequence
    found = _budget(client, target=asked, explain=True)
    assert found["rate"]["target"] == judged
    chance = next(tree for tree in found["explanations"] if tree["name"]["en"].startswith("chance"))
    assert chance["name"]["zh"] == f"优良天数比例不低于{judged:.1f}%的可能性"
    assert chance["name"]["en"] == f"chance of a good-air rate of at least {judged:.1f} %"


def test_a_budget_without_a_target_is_refused_with_what_would_do(november: World, client: httpx.Client) -> None:
    """So is one beyond 100 %."""
    assert november.sequence
    path = f"/api/v1/cities/{CITY}/budget"
    nothing = client.get(path, params=NOVEMBER)
    assert nothing.status_code == 422
    assert "target, pm25_target or heavy_target would do" in nothing.json()["detail"]
    assert client.get(path, params={**NOVEMBER, "target": 101}).status_code == 422


def test_a_place_is_gained_with_the_index_of_the_city_ahead(country: World, client: httpx.Client) -> None:
    """Shanghai is first; what it takes is told of each item, or why the item alone is not enough."""
    found = _what_if(client)
    assert country.sequence == found["sequence"]
    assert (found["rank"], found["number"], found["goal"]) == (2, 3, 1)
    assert [city["zh"] for city in found["ahead"]] == ["上海"]
    needs = {need["item"]: need for need in found["needs"]}
    assert set(needs) == {"so2", "no2", "pm10", "pm25", "co", "o3_8h"}
    pm25 = needs["pm25"]
    assert (pm25["so_far"], pm25["single"], pm25["largest_single"], pm25["largest"]) == (44, 1.26, 0.97, 34)
    assert (pm25["remaining_mean"], pm25["level"]) == (None, None)
    assert pm25["reason"]["en"].startswith("even with none of it on all remaining days")


def test_who_is_first_can_gain_nothing(country: World, client: httpx.Client) -> None:
    """And is told so."""
    assert country.sequence
    found = _what_if(client, SHANGHAI)
    assert (found["rank"], found["target"], found["needs"]) == (1, None, [])
    assert found["reason"]["en"] == "the rank is 1: at most 0 can be gained"


def test_what_it_takes_can_be_explained(country: World, client: httpx.Client) -> None:
    """A tree with a part for each item."""
    assert country.sequence
    tree = _what_if(client, explain=True)["explanation"]
    assert tree["name"]["zh"] == "目标综合指数"
    assert len(tree["parts"]) == 6


def test_a_city_that_is_not_ranked_is_no_key_city(november: World, client: httpx.Client) -> None:
    """A city that is known, but not among the 168."""
    november.announce({"330281": City(Name("余姚", "Yuyao"), simulated=True)})
    answer = client.get("/api/v1/cities/330281/what-if", params=NOVEMBER)
    assert answer.status_code == 404
    assert "a key city would do" in answer.json()["detail"]
