"""Days of five cities of Zhejiang, 2016 and 2019, replayed through a real Mosquitto: our index is the published one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.published import Row, rows
from tests.support.service import Service

CODES = {"杭州": "330100", "温州": "330300", "湖州": "330500", "舟山": "330900", "台州": "331000"}
ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3_8h")

Day = dict[str, Any]
Pairs = list[tuple[Row, Day]]


@pytest.fixture(scope="module")
def published(reference_data: Path) -> list[Row]:
    """The rows of the file."""
    return rows(reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv")


@pytest.fixture(scope="module")
def days(reference_data: Path, published: list[Row], mappings: Path, service: Service) -> Pairs:
    """Each row with the day that the API answers, by ranges of a year."""
    file = reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv"
    service.command("replay", file, "--mapping", mappings / "zhejiang-days.toml")
    service.wait_until_applied(len(published) + len(CODES))
    answered = {
        (code, day["date"]): day
        for code in CODES.values()
        for year in (2016, 2019)
        for day in service.get(f"cities/{code}/days", start=f"{year}-01-01", end=f"{year + 1}-01-01")["days"]
    }
    assert len(answered) == len(published)
    return [(row, answered[CODES[row["city"]], row["date"]]) for row in published]


def test_the_daily_aqi_is_the_published_one_on_every_row(days: Pairs) -> None:
    """Without exception, by the edition of 2012."""
    misses = [(row["city"], row["date"], row["aqi"], day["aqi"]) for row, day in days if int(row["aqi"]) != day["aqi"]]
    assert len(days) == 2120
    assert misses == []
    assert {(day["edition"], day["origin"], day["published"]) for _, day in days} == {("HJ 633—2012", "reported", True)}


def test_the_level_is_the_published_one_on_every_row(days: Pairs) -> None:
    """By its Chinese name."""
    misses = [
        (row["city"], row["date"], row["level"], day["level"])
        for row, day in days
        if day["level"]["zh"] != row["level"]
    ]
    assert len(days) == 2120
    assert misses == []


def test_the_values_are_those_that_were_published(days: Pairs) -> None:
    """All six of every row."""
    for row, day in days:
        assert {item: day["items"][item]["value"] for item in ITEMS} == {item: float(row[item]) for item in ITEMS}


def test_the_good_air_rate_is_that_of_the_published_index(days: Pairs, service: Service) -> None:
    """Days with an index of 100 or less among all of the year, in percent with one decimal."""
    for city, code in CODES.items():
        indices = [int(row["aqi"]) for row, _ in days if row["city"] == city and row["date"].startswith("2019")]
        rate = service.get(f"cities/{code}/good-air-rate", start="2019-01-01", end="2020-01-01")["rate"]
        good = sum(index <= 100 for index in indices)
        assert (rate["good"], rate["valid"], rate["days"]) == (good, len(indices), 365)
        assert rate["rate"] == pytest.approx(100 * good / len(indices), abs=0.0501)
