"""Published days of Zhejiang through the web: rates, statistics and ranks by another hand.

Real data that are not shipped; the folder's own README says what its blanks mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import httpx
import pytest

from qingchuan.processing.periods import DAY, day_start
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Write
from qingchuan.store.subjects import City, Name
from tests.api.test_ranking import by_code
from tests.api.world import CITY, GOOD_DAY, World
from tests.support import ranking_oracle as oracle
from tests.support.published import Row, air_number, rows

CODES = {"杭州": "330100", "温州": "330300", "湖州": "330500", "舟山": "330900", "台州": "331000"}
GOOD = {"优", "良"}


@pytest.fixture
def zhejiang(world: World, reference_data: Path) -> tuple[World, dict[str, list[Row]]]:
    """Five cities with their days of 2016, and of January and February 2019, as they were published."""
    by_city: dict[str, list[Row]] = defaultdict(list)
    for row in rows(reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv"):
        by_city[row["city"]].append(row)
    world.announce({code: City(Name(name, name)) for name, code in CODES.items()})
    first = world.sequence + 1
    observations = [_observation(CODES[row["city"]], row) for found in by_city.values() for row in found]
    writer = EmbeddedObservations(world.folder / "observations.sqlite")
    writer.apply([Write(first + number, one) for number, one in enumerate(observations)], first + len(observations))
    writer.close()
    return world, by_city


def _observation(code: str, row: Row) -> Observation:
    told = {item: row[item] for item in oracle.LIMITS if air_number(row[item]) is not None}
    items = {item: (text, 2) for item, text in told.items()}
    return Observation.of(code, "day", day_start(date.fromisoformat(row["date"])), "reported", items)


def _within(found: list[Row], start: str, end: str) -> list[Row]:
    return [row for row in found if start <= row["date"] < end]


def _scaled(found: list[Row]) -> dict[str, list[int]]:
    """The days of each item in units of its last decimal."""
    values = {item: [(air_number(row[item]), oracle.SCALES.get(item, 1)) for row in found] for item in oracle.LIMITS}
    return {
        item: [oracle.MISSING if value is None else round(value * scale) for value, scale in pairs]
        for item, pairs in values.items()
    }


def test_good_days_and_means_are_those_of_the_published_days(
    zhejiang: tuple[World, dict[str, list[Row]]], client: httpx.Client
) -> None:
    """2016, counted by the level that was published; Hangzhou had 259 good days of 366, that is 70.8 %."""
    _, by_city = zhejiang
    rates = {}
    for name, code in CODES.items():
        of_year = _within(by_city[name], "2016-01-01", "2017-01-01")
        answer = client.get(f"/api/v1/cities/{code}/statistics", params={"start": "2016-01-01", "end": "2017-01-01"})
        found = answer.json()
        levels, good = Counter(row["level"] for row in of_year), found["rates"]["good_air"]
        assert (good["met"], good["counted"]) == (sum(levels[level] for level in GOOD), len(of_year))
        assert found["heavy_days"] == levels["重度污染"] + levels["严重污染"]
        mean = Fraction(sum(int(row["pm25"]) for row in of_year), len(of_year))
        assert found["statistics"]["pm25"]["mean"] == round(mean)
        rates[name] = good["rate"]
    assert rates["杭州"] == 70.8


@pytest.mark.parametrize(
    ("start", "end"), [("2019-01-01", "2019-02-01"), ("2019-02-01", "2019-03-01"), ("2019-01-01", "2019-03-01")]
)
def test_the_ranks_of_zhejiang_are_those_of_another_hand(
    zhejiang: tuple[World, dict[str, list[Row]]], client: httpx.Client, start: str, end: str
) -> None:
    """Index, rank and good days of months and of the year to date."""
    _, by_city = zhejiang
    ranked = by_code(client.get("/api/v1/ranking", params={"start": start, "end": end}).json())
    days = {name: _within(by_city[name], start, end) for name in CODES}
    totals = {name: oracle.total(_scaled(found)) for name, found in days.items()}
    there = [total for total in totals.values() if total is not None]
    assert len(there) == len(CODES)
    for name, code in CODES.items():
        city, total = ranked[code], totals[name]
        assert total is not None
        assert (city["index"], city["rank"]) == (total / 100, oracle.rank(total, there))
        assert city["good"] == sum(row["level"] in GOOD for row in days[name])


def test_the_first_eight_months_of_ningbo_in_2018(world: World, client: httpx.Client) -> None:
    """86.8 % was published: 211 of 243 days. To end the year with as much 16 of 122 days may be bad, and not 17."""
    world.clock.time = "2018-09-01T08:00:00+08:00"
    first, sequence = day_start(date(2018, 1, 1)), world.sequence + 1
    writer = EmbeddedObservations(world.folder / "observations.sqlite")
    days = [GOOD_DAY] * 211 + [GOOD_DAY | {"pm25": "90"}] * 32
    writes = [
        Write(
            sequence + n,
            Observation.of(CITY, "day", first + n * DAY, "reported", {item: (text, 2) for item, text in day.items()}),
        )
        for n, day in enumerate(days)
    ]
    writer.apply(writes, sequence + len(writes))
    writer.close()
    asked = {"start": "2018-01-01", "end": "2019-01-01"}
    good = client.get(f"/api/v1/cities/{CITY}/statistics", params=asked).json()["rates"]["good_air"]
    assert (good["met"], good["counted"], good["rate"]) == (211, 243, 86.8)
    budget = client.get(f"/api/v1/cities/{CITY}/budget", params={**asked, "target": 86.8}).json()
    assert (budget["left"], budget["rate"]["good_needed"], budget["rate"]["bad_allowed"]) == (122, 106, 16)
    ranked = by_code(client.get("/api/v1/ranking", params={**asked, "by": "rate"}).json())[CITY]
    assert (ranked["rate"], ranked["rank"]) == (86.8, 1)
