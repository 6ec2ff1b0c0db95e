"""The ranking of the key cities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from qingchuan.processing.air import key_cities
from qingchuan.store.subjects import City, Name, Subject
from tests.api.world import CITY, GOOD_DAY, SUBJECTS, World

SHANGHAI, HANGZHOU, SHENYANG, NO_KEY_CITY = "310000", "330100", "210100", "659001"
OTHERS: dict[str, Subject] = {
    SHANGHAI: City(Name("上海", "Shanghai")),
    HANGZHOU: City(Name("杭州", "Hangzhou")),
    SHENYANG: City(Name("沈阳", "Shenyang")),
    NO_KEY_CITY: City(Name("石河子", "Shihezi")),
}
OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}
WITHOUT_SO2 = {item: value for item, value in GOOD_DAY.items() if item != "so2"}


def ask(client: httpx.Client, **asked: str | int) -> dict[str, Any]:
    """The ranking of a period, October where no other is named."""
    answer = client.get("/api/v1/ranking", params={**OCTOBER, **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def refused(client: httpx.Client, **asked: str | int) -> str:
    """Why a ranking is refused."""
    answer = client.get("/api/v1/ranking", params={**OCTOBER, **asked})
    assert answer.status_code == 422, answer.text
    return str(answer.json()["detail"])


def tell(world: World, city: str, first: str, days: Sequence[dict[str, str]]) -> None:
    """The days of a city, one after the other."""
    for number, values in enumerate(days):
        world.day(city, str(date.fromisoformat(first) + timedelta(days=number)), values)


def forty_cities(world: World, day: str, pm25: Callable[[int], str], number: int = 40) -> None:
    """A day of the first so many key cities."""
    for place, city in enumerate(key_cities.on(date(2026, 10, 1))[:number]):
        world.day(city.code, day, GOOD_DAY | {"pm25": pm25(place)})


def by_code(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The ranked and the unranked cities."""
    return {city["code"]: city for city in (*answer["cities"], *answer["unranked"])}


@pytest.fixture
def october(world: World) -> World:
    """Two days of October 2026: Shanghai and Ningbo alike, Hangzhou worse, Shenyang without SO2, and no key city."""
    world.announce(OTHERS)
    tell(world, CITY, "2026-10-01", [GOOD_DAY] * 2)
    tell(world, SHANGHAI, "2026-10-01", [GOOD_DAY] * 2)
    tell(world, HANGZHOU, "2026-10-01", [GOOD_DAY | {"pm25": "70"}] * 2)
    tell(world, SHENYANG, "2026-10-01", [WITHOUT_SO2] * 2)
    tell(world, NO_KEY_CITY, "2026-10-01", [GOOD_DAY | {"pm25": "1"}] * 2)
    return world


def test_cities_are_in_the_order_of_their_index_and_equal_ones_share_a_rank(
    october: World, client: httpx.Client
) -> None:
    """0.13 + 0.75 + 0.86 + 1.00 + 0.18 + 0.50: the rounded single indices are added."""
    found = ask(client)
    assert found["sequence"] == october.sequence
    assert [(city["code"], city["rank"], city["index"]) for city in found["cities"]] == [
        (SHANGHAI, 1, 3.42),
        (CITY, 1, 3.42),
        (HANGZHOU, 3, 4.42),
    ]
    single = {item: told["single"] for item, told in found["cities"][1]["items"].items()}
    assert single == {"so2": 0.13, "no2": 0.75, "pm10": 0.86, "pm25": 1.0, "co": 0.18, "o3_8h": 0.5}
    assert found["cities"][1]["primary"] == ["pm25"]
    assert (found["number"], found["of"], found["listed"]) == (3, 168, 20)


def test_the_distance_to_the_cities_before_and_behind_is_told(october: World, client: httpx.Client) -> None:
    """All that share the next figure are named; who shares one's own is neither."""
    assert october.sequence
    found = by_code(ask(client))
    assert (found[CITY]["ahead"], found[CITY]["behind"]) == (None, {"codes": [HANGZHOU], "gap": 1.0})
    assert (found[HANGZHOU]["ahead"], found[HANGZHOU]["behind"]) == ({"codes": [SHANGHAI, CITY], "gap": 1.0}, None)
    assert (found[CITY]["better_than"], found[HANGZHOU]["better_than"]) == (33.3, 0.0)


def test_a_city_without_an_index_says_what_is_missing(october: World, client: httpx.Client) -> None:
    """Two of 31 days are valid; of SO2 none is. A city of which nothing came says that."""
    assert october.sequence
    found = ask(client)
    unranked = {city["code"]: city for city in found["unranked"]}
    assert len(unranked) == 165
    shenyang = unranked[SHENYANG]
    assert (shenyang["rank"], shenyang["index"], shenyang["primary"]) == (None, None, [])
    assert (shenyang["items"]["so2"]["valid"], shenyang["items"]["so2"]["missing"]) == (0, 31)
    assert (shenyang["items"]["no2"]["valid"], shenyang["items"]["no2"]["missing"]) == (2, 29)
    assert shenyang["reason"]["zh"].startswith("SO₂缺31天")
    assert shenyang["reason"]["en"].startswith("SO₂: 31 days are missing")
    assert "系统中没有该城市" in unranked["110000"]["reason"]["zh"]
    assert all(city["reason"] is None for city in found["cities"])


def test_a_city_that_is_no_key_city_is_not_in_it(october: World, client: httpx.Client) -> None:
    """However clean it is."""
    assert october.sequence
    assert NO_KEY_CITY not in by_code(ask(client))


def test_ranked_by_the_rate_the_best_is_first(october: World, client: httpx.Client) -> None:
    """70 µg/m³ PM2.5 is bad by HJ 633—2026: Hangzhou has 0 %, which is a rate; Shenyang lacks an item, and has none."""
    assert october.sequence
    found = ask(client, by="rate")
    assert [(city["code"], city["rank"], city["rate"]) for city in found["cities"]] == [
        (SHANGHAI, 1, 100.0),
        (CITY, 1, 100.0),
        (HANGZHOU, 3, 0.0),
    ]
    assert found["cities"][2]["ahead"] == {"codes": [SHANGHAI, CITY], "gap": 100.0}
    assert (found["ranked_by"]["unit"], found["ranked_by"]["decimals"]) == ("%", 1)
    assert by_code(found)[SHENYANG]["reason"]["zh"] == "没有可计入优良天数比例的天"


def test_ranked_by_improvement_the_index_meets_that_of_last_year(october: World, client: httpx.Client) -> None:
    """(3.42 − 4.42) / 4.42 is −22.6 %; (4.42 − 3.42) / 3.42 is 29.2 %. Shanghai has no October of last year."""
    tell(october, CITY, "2025-10-01", [GOOD_DAY | {"pm25": "70"}])
    tell(october, HANGZHOU, "2025-10-01", [GOOD_DAY])
    found = ask(client, by="improvement")
    assert (found["before_start"], found["before_end"]) == ("2025-10-01", "2025-11-01")
    assert [(city["code"], city["rank"], city["change"]) for city in found["cities"]] == [
        (CITY, 1, -22.6),
        (HANGZHOU, 2, 29.2),
    ]
    assert (found["cities"][0]["index_before"], found["cities"][0]["rate_before"]) == (4.42, 100.0)
    assert by_code(found)[SHANGHAI]["reason"]["en"] == "there is no composite index of the same period of last year"


def test_a_city_that_meets_the_standard_is_not_on_the_list_of_the_worse(october: World, client: httpx.Client) -> None:
    """Its index rose, from very little to little, most of all; it has a rank all the same."""
    forty_cities(october, "2025-10-01", lambda place: str(400 - place))
    forty_cities(october, "2026-10-01", lambda place: str(300 + place))
    tell(october, CITY, "2025-10-01", [dict.fromkeys(GOOD_DAY, "1")])
    for day in ("2026-10-01", "2026-10-02"):
        october.day(CITY, day, GOOD_DAY | {"pm10": "50", "pm25": "25"})
    found = ask(client, by="improvement")
    city = by_code(found)[CITY]
    assert (city["rank"], city["best"], city["worst"]) == (found["number"], False, False)
    assert city["change"] > 100
    assert found["cities"][0]["best"] is True


@pytest.mark.parametrize(("number", "listed"), [(39, 0), (40, 20)])
def test_there_are_lists_only_where_twice_their_length_are_ranked(
    world: World, client: httpx.Client, number: int, listed: int
) -> None:
    """One city alone would be the best and the worst of all."""
    forty_cities(world, "2026-10-01", lambda place: str(20 + place), number)
    found = ask(client, end="2026-10-02")
    assert found["number"] == number
    assert [sum(city[which] for city in found["cities"]) for which in ("best", "worst")] == [listed, listed]


def test_a_city_with_few_valid_days_is_marked(october: World, client: httpx.Client) -> None:
    """The item with the fewest counts: Ningbo has 27 of 30 valid days, which is 90 %, and Shanghai 26 of PM2.5."""
    tell(october, CITY, "2026-09-01", [GOOD_DAY] * 27)
    without_pm25 = {item: value for item, value in GOOD_DAY.items() if item != "pm25"}
    tell(october, SHANGHAI, "2026-09-01", [GOOD_DAY] * 26 + [without_pm25] * 4)
    found = ask(client, start="2026-09-01", end="2026-10-01")
    cities = by_code(found)
    assert (found["valid_share"], found["thin"]) == (90, 1)
    assert (cities[CITY]["valid"], cities[CITY]["thin"]) == (27, False)
    assert (cities[SHANGHAI]["valid"], cities[SHANGHAI]["thin"]) == (26, True)
    assert (cities[SHENYANG]["valid"], cities[SHENYANG]["thin"]) == (0, False)


@pytest.mark.parametrize(("by", "valid"), [("index", 31), ("rate", 31), ("improvement", 2)])
def test_the_days_that_are_marked_are_those_of_the_figure(
    october: World, client: httpx.Client, by: str, valid: int
) -> None:
    """A change rests on last year's days as well."""
    tell(october, CITY, "2026-10-01", [GOOD_DAY] * 31)
    tell(october, CITY, "2025-10-01", [GOOD_DAY] * 2)
    city = by_code(ask(client, by=by))[CITY]
    assert (city["valid"], city["thin"]) == (valid, valid < 28)


def test_before_a_day_is_over_no_city_is_said_to_lack_any(october: World, client: httpx.Client) -> None:
    """All have the same reason."""
    assert october.sequence
    found = ask(client, start="2027-02-01", end="2027-03-01")
    assert (found["number"], found["days"], len(found["unranked"])) == (0, 0, 168)
    assert {city["reason"]["zh"] for city in found["unranked"]} == {"评价时段尚无已结束的日"}


def test_a_region_narrows_the_cities_and_leaves_the_ranks(october: World, client: httpx.Client) -> None:
    """Shenyang's air is best now; of the Yangtze delta Ningbo and Shanghai come first, of all they come second."""
    tell(october, SHENYANG, "2026-10-01", [GOOD_DAY | {"pm25": "10"}] * 2)
    for region in ("长三角", "yangtze river delta"):
        found = ask(client, region=region)
        assert found["region"]["zh"] == "长三角"
        assert [(city["code"], city["rank"], city["region_rank"]) for city in found["cities"]] == [
            (SHANGHAI, 2, 1),
            (CITY, 2, 1),
            (HANGZHOU, 4, 3),
        ]
        assert (found["number"], len(found["unranked"])) == (4, 28)
    assert by_code(ask(client))[SHENYANG]["region_rank"] is None


def test_days_that_are_not_over_do_not_count(october: World, client: httpx.Client) -> None:
    """Of November 24 days are over; last year's are the same 24."""
    tell(october, CITY, "2026-11-24", [GOOD_DAY, GOOD_DAY | {"pm25": "500"}])
    found = ask(client, start="2026-11-01", end="2026-12-01")
    assert (found["over"], found["days"], found["before_end"]) == ("2026-11-25", 24, "2025-11-25")
    assert (found["cities"][0]["index"], found["cities"][0]["items"]["pm25"]["valid"]) == (3.42, 1)
    assert found["period"] == {"zh": "2026年11月1日至11月24日", "en": "2026-11-01 to 2026-11-24"}
    future = ask(client, start="2026-12-01", end="2027-01-01")
    assert (future["days"], future["number"], future["editions"]) == (0, 0, [])


def test_days_that_a_city_did_not_send_come_from_its_stations(october: World, client: httpx.Client) -> None:
    """As everywhere else."""
    for station in ("1234A", "1235A"):
        for hour in range(1, 25):
            end = date(2026, 10, 3) + timedelta(days=hour // 24)
            values = {"so2": "8", "no2": "30", "pm10": "60", "pm25": "95", "co": "0.7", "o3": "80"}
            october.hour(station, f"{end}T{hour % 24:02}:00:00+08:00", values)
    pm25 = by_code(ask(client))[CITY]["items"]["pm25"]
    assert (pm25["value"], pm25["valid"]) == (55, 3)


def test_as_of_gives_the_ranking_as_it_was(october: World, client: httpx.Client) -> None:
    """Before a day was corrected."""
    before = october.sequence
    october.day(CITY, "2026-10-01", GOOD_DAY | {"pm25": "105"})
    ranks = [by_code(ask(client, **asked))[CITY]["rank"] for asked in ({"as_of": before}, {})]
    assert ranks == [1, 2]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("index", ["环境空气质量综合指数"]),
        ("rate", ["优良天数比例"]),
        ("improvement", ["综合指数变化率", "环境空气质量综合指数", "环境空气质量综合指数"]),
    ],
)
def test_a_rank_is_explained_down_to_the_figure_behind_it(
    october: World, client: httpx.Client, by: str, names: list[str]
) -> None:
    """The value of the tree is the rank; its last parts are the figure."""
    tell(october, CITY, "2025-10-01", [GOOD_DAY])
    found = ask(client, by=by, explain_city=CITY)
    tree = found["explanation"]
    assert tree["value"] == by_code(found)[CITY]["rank"]
    assert tree["source"]["document"] == "环办监测〔2018〕19号"
    told = [part["name"]["zh"] for part in tree["parts"]][-len(names) :]
    assert all(name in one for name, one in zip(names, told, strict=True))
    assert "explanation" not in ask(client, by=by)


def test_the_rule_and_what_is_not_certain_of_it_are_told(october: World, client: httpx.Client) -> None:
    """Also that nothing at hand asks for a number of days, and that HJ 663—2026 is stood in for."""
    assert october.sequence
    found = ask(client)
    assert found["rule"]["document"] == "环办监测〔2018〕19号"
    assert len(found["rule"]["unconfirmed"]) == 3
    assert "最少有效天数" in found["rule"]["completeness"]["zh"]
    assert found["rules"] == {"validity": "HJ 663—2013", "stands_in_for": "HJ 663—2026"}
    assert found["editions"] == ["HJ 633—2026"]
    assert [(row["item"], row["percent"]) for row in found["statistics"][-2:]] == [("co", 95), ("o3_8h", 90)]


def test_made_up_data_are_marked_by_city(october: World, client: httpx.Client) -> None:
    """Ningbo's are, Shanghai's are not; the whole says so."""
    assert october.sequence
    found = ask(client)
    assert found["simulated"] is True
    assert (by_code(found)[CITY]["simulated"], by_code(found)[SHANGHAI]["simulated"]) == (True, False)
    assert SUBJECTS[CITY].simulated


@pytest.mark.parametrize(("start", "end", "of"), [("2018-12-01", "2019-01-01", 169), ("2019-01-01", "2019-02-01", 168)])
def test_the_key_cities_are_those_of_the_last_day(client: httpx.Client, start: str, end: str, of: int) -> None:
    """Laiwu is ranked up to 2018."""
    found = ask(client, start=start, end=end)
    assert found["of"] == len(found["unranked"]) == of


@pytest.mark.parametrize(
    ("asked", "would_do"),
    [
        ({"start": "2018-06-01", "end": "2018-07-01"}, "2018-07-01"),
        ({"start": "2011-06-01", "end": "2011-07-01"}, "2018-07-01"),
        ({"start": "2026-10-01", "end": "2026-10-01"}, "a day after start"),
        ({"start": "2024-10-01", "end": "2026-10-01"}, "ask for a year at most"),
        ({"by": "beauty"}, "'index', 'rate' or 'improvement'"),
        ({"region": "江南"}, "长三角 (Yangtze River Delta)"),
        ({"explain_city": NO_KEY_CITY}, "a key city of 2026-10-31"),
        ({"as_of": 10**6}, "the newest message"),
    ],
)
def test_what_cannot_be_ranked_is_refused_with_what_would_do(
    client: httpx.Client, asked: dict[str, str | int], would_do: str
) -> None:
    """A day too early, no day, too many, and what is not known."""
    assert would_do in refused(client, **asked)
