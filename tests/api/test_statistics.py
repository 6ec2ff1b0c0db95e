"""The statistics of a city in a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from qingchuan.store.subjects import City, Name
from tests.api.world import CITY, GOOD_DAY, World

DAY = GOOD_DAY | {"pm25": "36"}
YEAR = {"start": "2025-01-01", "end": "2026-01-01"}


def ask(client: httpx.Client, city: str = CITY, **asked: str | int | bool) -> dict[str, Any]:
    """The statistics of a city."""
    answer = client.get(f"/api/v1/cities/{city}/statistics", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.fixture
def year(world: World) -> World:
    """The year 2025, all days alike, but for five that are missing in March and one that came last."""
    first = date(2025, 1, 1)
    gone = {date(2025, 3, day) for day in range(1, 6)}
    for day in (first + timedelta(days=number) for number in range(365)):
        if day not in gone:
            world.day(CITY, str(day), DAY)
    world.day(CITY, "2025-03-05", DAY)
    return world


def test_a_year_is_judged_by_mean_and_percentile(year: World, client: httpx.Client) -> None:
    """A mean of 36 exceeds 35 by 0.03 times; the percentile of 36 keeps 75. All other items attain the standard."""
    found = ask(client, **YEAR)
    assert (found["sequence"], found["asked"]["kind"], found["asked"]["days_over"]) == (year.sequence, "year", 365)
    pm25 = found["statistics"]["pm25"]
    assert (pm25["mean"], pm25["mean_limit"], pm25["mean_multiple"]) == (36, 35, 0.03)
    assert (pm25["percent"], pm25["percentile"], pm25["percentile_limit"], pm25["percentile_multiple"]) == (
        95,
        36,
        75,
        None,
    )
    assert pm25["attained"] is False
    assert found["combined"] == {"attained": False, "missing": [], "exceeding": [{"item": "pm25", "multiple": 0.03}]}
    co = found["statistics"]["co"]
    assert (co["mean"], co["mean_limit"], co["percent"], co["percentile"], co["percentile_limit"]) == (
        0.7,
        None,
        95,
        0.7,
        4.0,
    )
    assert (found["limits"]["document"], found["grade"]) == ("GB 3095—2012", 2)


def test_a_month_with_a_day_too_few_spoils_the_year(year: World, client: httpx.Client) -> None:
    """27 days of March are enough, 26 are not: then nothing is judged, and every item is named as missing."""
    enough, few = ask(client, **YEAR), ask(client, **YEAR, as_of=year.sequence - 1)
    for found, march in ((enough, 27), (few, 26)):
        item = found["statistics"]["pm25"]
        assert (item["months"]["2025-03"], item["months"]["2025-02"]) == (march, 28)
        assert item["needed"] == {"period": 324, "each_month": 27, "february": 25}
        assert item["valid"] is (march == 27)
    assert few["statistics"]["pm25"]["attained"] is None
    assert few["statistics"]["pm25"]["mean"] == 36
    assert few["combined"]["missing"] == list(GOOD_DAY)


def test_the_two_composite_indices_are_told_apart(year: World, client: httpx.Client) -> None:
    """Rounded singles are added for the ranking, exact ones by annex C; SO2 goes by 8 / 60 in both, CO by 0.7 / 4."""
    assert year.sequence
    found = ask(client, **YEAR)
    assert (found["ranking_index"]["value"], found["annex_c_index"]["value"]) == (3.45, 3.44)
    assert (found["ranking_index"]["document"], found["annex_c_index"]["document"]) == (
        "环办监测〔2018〕19号",
        "HJ 663—2013",
    )
    assert found["ranking_index"]["primary"] == found["annex_c_index"]["primary"] == ["pm25"]
    singles = {item: (told["single"], told["annex_c"]) for item, told in found["statistics"].items()}
    assert (singles["pm25"], singles["co"]) == ((1.03, 1.03), (0.18, 0.18))


def test_the_rates_by_name_differ_in_the_days_that_count(world: World, client: httpx.Client) -> None:
    """A good day, a bad one, an incomplete good one, an incomplete bad one, and one of which nothing came."""
    bad = GOOD_DAY | {"pm25": "130"}
    for day, values in (("20", GOOD_DAY), ("21", bad), ("22", {"pm25": "35"}), ("23", {"pm25": "130"})):
        world.day(CITY, f"2026-11-{day}", values)
    rates = ask(client, start="2026-11-20", end="2026-11-25")["rates"]
    published = client.get(
        f"/api/v1/cities/{CITY}/good-air-rate", params={"start": "2026-11-20", "end": "2026-11-25"}
    ).json()["rate"]
    good = rates["good_air"]
    assert (good["met"], good["counted"], good["rate"]) == (1, 3, 33.3)
    assert (published["good"], published["valid"], published["rate"]) == (1, 3, 33.3)
    whole = rates["comprehensive"]
    assert (whole["met"], whole["counted"], whole["rate"]) == (1, 4, 25.0)
    assessed = rates["assessed"]
    assert (assessed["met"], assessed["counted"], assessed["rate"]) == (None, None, None)
    assert "沙尘" in assessed["rule"]["zh"]


def test_an_attainment_rate_goes_by_the_limit_of_each_day(world: World, client: httpx.Client) -> None:
    """75 µg/m³ of PM2.5 keep the daily limit up to February 2026, and not from March on."""
    for day in ("2026-02-28", "2026-03-01"):
        world.day(CITY, day, GOOD_DAY | {"pm25": "75"})
    found = ask(client, start="2026-02-28", end="2026-03-02")
    assert found["statistics"]["pm25"]["attainment_rate"] == 50.0
    assert found["editions"] == ["HJ 633—2012", "HJ 633—2026"]
    assert found["limits"]["document"] == "GB 3095—2026"
    assert "GB 3095—2012" in found["limits"]["reason"]["zh"]
    assert found["rules"] == {"validity": "HJ 663—2013", "stands_in_for": "HJ 663—2026"}


def test_a_span_is_judged_for_comparison_only(world: World, client: httpx.Client) -> None:
    """HJ 663 asks for no number of days then, and any will do; the answer says so."""
    world.day(CITY, "2026-11-20", GOOD_DAY | {"pm25": "210"})
    found = ask(client, start="2026-11-20", end="2026-11-25")
    assert (found["statistics"]["pm25"]["valid"], found["statistics"]["pm25"]["needed"]) == (True, None)
    assert "参照" in found["judged"]["zh"]
    assert found["heavy_days"] == 1


def test_an_item_without_a_day_has_no_statistic(world: World, client: httpx.Client) -> None:
    """And nothing that rests on all items is there; missing is null, and never 0."""
    world.day(CITY, "2026-11-24", {item: value for item, value in GOOD_DAY.items() if item != "o3_8h"})
    found = ask(client, start="2026-11-01", end="2026-11-25")
    ozone = found["statistics"]["o3_8h"]
    assert [ozone[name] for name in ("mean", "percentile", "attained", "attainment_rate", "single", "annex_c")] == [
        None
    ] * 6
    assert (found["ranking_index"]["value"], found["annex_c_index"]["value"]) == (None, None)
    assert (found["ranking_index"]["primary"], found["combined"]["missing"]) == ([], ["o3_8h"])


@pytest.mark.parametrize(("start", "end"), [("2026-11-25", "2026-12-01"), ("2005-06-01", "2005-07-01")])
def test_where_nothing_can_be_judged_there_is_nothing(world: World, client: httpx.Client, start: str, end: str) -> None:
    """A day in progress is not over; before the first edition there are no rules."""
    world.day(CITY, start, GOOD_DAY)
    found = ask(client, start=start, end=end, explain=True)
    assert (found["statistics"], found["rates"], found["combined"]) == ({}, None, None)
    assert (found["ranking_index"], found["annex_c_index"]) == (None, None)


def test_the_whole_is_explained(year: World, client: httpx.Client) -> None:
    """Attainment with the means behind it, the rates, and both indices, each with the clause."""
    assert year.sequence
    tree = ask(client, **YEAR, explain=True)["explanation"]
    told = [(part["name"]["en"], part["value"]) for part in tree["parts"]]
    assert [value for _, value in told] == [{"zh": "不达标", "en": "not attained"}, 100.0, 100.0, 3.45, 3.44]
    assert all(part["source"]["clause"] for part in tree["parts"])
    mean = next(part for part in tree["parts"][0]["parts"] if "细颗粒物" in part["name"]["zh"])["parts"][0]
    assert (mean["value"], mean["valid"], mean["expected"]) == (36, 361, 365)
    assert "explanation" not in ask(client, **YEAR)


def test_the_good_air_rate_is_explained(world: World, client: httpx.Client) -> None:
    """With the days that count; before the first edition there is nothing to explain."""
    world.day(CITY, "2026-11-23", GOOD_DAY)
    world.day(CITY, "2026-11-24", GOOD_DAY | {"pm25": "130"})
    path = f"/api/v1/cities/{CITY}/good-air-rate"
    asked = {"start": "2026-11-23", "end": "2026-11-25"}
    tree = client.get(path, params={**asked, "explain": "true"}).json()["explanation"]
    assert (tree["value"], tree["valid"], tree["exact"]) == (50.0, 2, "50")
    assert "explanation" not in client.get(path, params=asked).json()
    old = client.get(path, params={"start": "2005-06-01", "end": "2005-07-01", "explain": "true"}).json()
    assert old["explanation"] is None


@pytest.mark.parametrize(
    ("city", "asked", "status", "would_do"),
    [
        ("999999", {"start": "2026-11-01", "end": "2026-11-25"}, 404, "known are"),
        (CITY, {"start": "2026-11-25", "end": "2026-11-25"}, 422, "a day after start"),
        (CITY, {"start": "2020-01-01", "end": "2026-01-01"}, 422, "three years at most"),
        (CITY, {"start": "2026-11-01", "end": "2026-11-25", "explain": "perhaps"}, 422, "explain has 'perhaps'"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_would_do(
    client: httpx.Client, city: str, asked: dict[str, str], status: int, would_do: str
) -> None:
    """A city that is not known, no day, too many, and a word that is no yes or no."""
    answer = client.get(f"/api/v1/cities/{city}/statistics", params=asked)
    assert (answer.status_code, would_do in answer.json()["detail"]) == (status, True), answer.text


def test_a_city_that_sends_its_days_itself_has_figures_without_stations(world: World, client: httpx.Client) -> None:
    """As the key cities that one compares with do; nothing of it is made up."""
    world.announce({"310000": City(Name("上海", "Shanghai"))})
    world.day("310000", "2026-11-24", GOOD_DAY)
    found = ask(client, "310000", start="2026-11-01", end="2026-11-25")
    assert (found["name"], found["simulated"]) == ({"zh": "上海", "en": "Shanghai"}, False)
    assert found["ranking_index"]["value"] == 3.42
