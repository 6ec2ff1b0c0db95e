"""Sites: parks, building sites, outfalls, weather stations; and that they and the weather stay out of the index."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from qingchuan.store.subjects import Name, Site, Subject
from tests.api.world import CITY, CLEAN_READING, GOOD_HOUR, World

SITES: dict[str, Subject] = {
    "CJ01": Site(Name("石化区南厂界", "South boundary"), "voc", Name("某公司", "A refinery"), CITY, 121.6, 29.97),
    "PW01": Site(Name("排口", "Outlet"), "outfall", city=CITY, simulated=True),
}
DAY = {"start": "2026-11-25", "end": "2026-11-26"}
WEATHER = {"air_temperature": "-2.5", "relative_humidity": "64", "wind_speed": "2.4", "wind_direction": "135"}


@pytest.fixture(autouse=True)
def _announced(world: World) -> None:
    world.announce(SITES)


def asked(client: httpx.Client, path: str, **query: str | int) -> dict[str, Any]:
    """The answer to a question that is in order."""
    answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_sites_are_listed_as_they_announced_themselves(world: World, client: httpx.Client) -> None:
    """By themselves, and among all who are observed."""
    listed = asked(client, "sites")
    assert listed["sequence"] == world.sequence
    assert [entry["subject"] for entry in listed["sites"]] == ["CJ01", "PW01"]
    assert listed["sites"][0] == {
        "kind": "site",
        "subject": "CJ01",
        "name": {"zh": "石化区南厂界", "en": "South boundary"},
        "purpose": "voc",
        "operator": {"zh": "某公司", "en": "A refinery"},
        "city": CITY,
        "longitude": 121.6,
        "latitude": 29.97,
        "simulated": False,
    }
    assert asked(client, "stations", kind="site")["stations"] == listed["sites"]
    assert asked(client, "sites", as_of=1)["sites"] == []


def test_hours_of_a_site_tell_what_was_told_and_what_counts_of_it(world: World, client: httpx.Client) -> None:
    """A suspect value and a negative concentration are shown and do not count; the frost does."""
    values = {"nmhc": "0.43", "benzene": "-0.2", "h2s": "2.1", "air_temperature": "-2.5"}
    number = world.hour("CJ01", "2026-11-25T08:00:00+08:00", values, {"h2s": 3})
    answer = asked(client, "sites/CJ01/hours", **DAY)
    assert (answer["name"]["zh"], answer["purpose"], answer["simulated"]) == ("石化区南厂界", "voc", False)
    assert answer["items"]["nmhc"]["unit"] == "mg/m³"
    assert {"tvoc", "nh3", "wind_speed", "pm25"} <= set(answer["items"])
    assert answer["hours"] == [
        {
            "start": "2026-11-25T07:00:00+08:00",
            "end": "2026-11-25T08:00:00+08:00",
            "items": {
                "nmhc": {"value": 0.43, "flag": 2, "valid": True},
                "benzene": {"value": -0.2, "flag": 2, "valid": False},
                "h2s": {"value": 2.1, "flag": 3, "valid": False},
                "air_temperature": {"value": -2.5, "flag": 2, "valid": True},
            },
            "sequence": number,
        }
    ]


def test_readings_of_a_site_are_told_at_their_instants(world: World, client: httpx.Client) -> None:
    """The end is not included, and of what was not told nothing is said."""
    number = world.reading("PW01", "2026-11-25T07:20:05+08:00", {"flow": "12.5", "cod": "31.2"})
    world.reading("PW01", "2026-11-26T00:00:00+08:00", {"flow": "13"})
    answer = asked(client, "sites/PW01/readings", **DAY)
    assert answer["items"]["flow"] == {
        "symbol": "Q",
        "unit": "L/s",
        "name": {"zh": "流量", "en": "Flow"},
        "decimals": 2,
    }
    assert answer["readings"] == [
        {
            "time": "2026-11-25T07:20:05+08:00",
            "items": {
                "cod": {"value": 31.2, "flag": 2, "valid": True},
                "flow": {"value": 12.5, "flag": 2, "valid": True},
            },
            "sequence": number,
        }
    ]
    assert asked(client, "sites/PW01/readings", **DAY, as_of=number - 1)["readings"] == []


@pytest.mark.parametrize(
    ("path", "would_do"),
    [
        ("sites/1235A/hours", "'1235A' is no site but a air-station; /api/v1/stations/1235A/hours answers about it"),
        ("stations/CJ01/hours", "'CJ01' is no air-station but a site; /api/v1/sites/CJ01/hours answers about it"),
        ("sites/XX/readings", "known are CJ01, PW01; /api/v1/stations?kind=site lists them all"),
    ],
)
def test_who_asks_in_the_wrong_place_is_told_the_right_one(client: httpx.Client, path: str, would_do: str) -> None:
    """As for stations, sections and cities."""
    answer = client.get(f"/api/v1/{path}", params=DAY)
    assert answer.status_code == 404
    assert would_do in answer.json()["detail"]


def test_weather_is_no_pollutant_of_an_air_station(world: World, client: httpx.Client) -> None:
    """The index of an hour is that of the six, whatever is told beside them."""
    end = "2026-11-25T08:00:00+08:00"
    world.hour("1235A", end, {**GOOD_HOUR, "pm25": "40"})
    world.hour("1234A", end, {**GOOD_HOUR, "pm25": "40", **WEATHER, "tsp": "900", "nox": "400", "no": "300"})
    both = [asked(client, f"stations/{name}/hours", **DAY)["hours"][0] for name in ("1235A", "1234A")]
    assert [hour.pop("sequence") for hour in both] == sorted({world.sequence - 1, world.sequence})
    assert both[0] == both[1]
    assert set(both[0]["items"]) == set(GOOD_HOUR)


def test_the_live_pages_know_the_six_pollutants_and_the_water_only(world: World, client: httpx.Client) -> None:
    """Sites are no stations of the page, and weather is no column of it."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, **WEATHER})
    world.hour("CJ01", "2026-11-25T08:00:00+08:00", {"nmhc": "0.43", "pm25": "300"})
    world.reading("PW01", "2026-11-25T07:20:00+08:00", {"cod": "900", "ph": "3"})
    world.reading("yaojiang", "2026-11-25T08:00:00+08:00", {**CLEAN_READING, "rainfall": "4.5", "flow": "1200"})
    air, water = asked(client, "air/live"), asked(client, "water/live")
    assert list(air["items"]) == ["so2", "no2", "pm10", "pm25", "co", "o3", "o3_8h"]
    assert not {"flow", "rainfall", "suspended_solids"} & set(water["items"])
    told = str(air) + str(water)
    assert not [word for word in ("CJ01", "PW01", "nmhc", "wind_speed", "rainfall", "air_temperature") if word in told]
    assert {section["subject"] for section in water["sections"]} == {"dongqian", "yaojiang"}
