"""What is computed anew for all is what the interface answers for each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.calendar import month_of
from qingchuan.api.queries.day_values import city_day_values
from qingchuan.api.queries.days import days_of_cities
from qingchuan.api.queries.dust import assessed_days
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.queries.subjects import evaluated_by_city
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air.item_masks import mask_by_item
from qingchuan.processing.flags import valid
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.service.recomputing.folder import Manifest
from qingchuan.service.recomputing.judging import counts
from qingchuan.service.recomputing.tables import DAY_ITEMS
from tests.support.recomputed import NINGBO, PERIOD, ZHOUSHAN, recomputed

MONTHS = [month_of(PERIOD.start), month_of(PERIOD.last)]
DAYS = Dates(PERIOD.start, PERIOD.end)


class Made(NamedTuple):
    """Results, and what they are compared with."""

    folder: Path
    manifest: Manifest
    services: Services

    def array(self, name: str) -> Any:  # noqa: ANN401 - of any type
        """One of the arrays."""
        return np.load(self.folder / f"{name}.npy")

    def table(self, name: str) -> dict[tuple[str, str], dict[str, str]]:
        """One of the tables, by its first two columns; the keys of the columns are what follows the last blank."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [{key.split(" ")[-1]: cell for key, cell in row.items()} for row in csv.DictReader(file)]
        return {(next(iter(row.values())), row["city"]): row for row in rows}


@pytest.fixture(scope="module")
def made(country: Services, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What is computed of two months."""
    out = tmp_path_factory.mktemp("results")
    return Made(out, recomputed(country, out).manifest, country)


def test_the_hours_that_count_are_those_that_count_in_the_store(made: Made) -> None:
    """Judged all at once they are what they were when they came in one by one."""
    stations = [station.id for station in made.manifest.plan.stations]
    grid = made.services.observations.read(stations, catalogue.told("hour"), "hour", *DAYS.span)
    flags, tests = made.array("station_hour_flags"), made.array("station_hour_tests")
    assert np.array_equal(counts(flags, tests), valid(grid.flags))
    assert {QualityTest.FLAT_LINE, QualityTest.INCOMING, QualityTest.SPIKE} <= set(np.unique(tests).tolist())


def test_days_of_all_cities_are_those_that_the_interface_derives(made: Made) -> None:
    """With dust and without, value for value; some are sent, some derived, some missing."""
    at, subjects = made.manifest.plan.sequence, made.services.state.subjects()
    stations = evaluated_by_city(subjects)
    groups = {city.code: stations.get(city.code, []) for city in made.manifest.plan.cities}
    told = city_day_values(made.services.observations, groups, DAYS, at)
    clean = assessed_days(made.services, subjects, groups, DAYS, told, at)
    for place, item in enumerate(DAY_ITEMS):
        assert np.array_equal(made.array("city_days")[place], told.values[item]), item
        assert np.array_equal(made.array("city_days_without_dust")[place], clean.values[item]), item
    assert not np.array_equal(made.array("city_days"), made.array("city_days_without_dust"))


def test_index_level_and_primary_pollutants_of_days_are_those_of_the_interface(made: Made) -> None:
    """On both sides of the day on which the standard changed."""
    at, codes = made.manifest.plan.sequence, [city.code for city in made.manifest.plan.cities]
    stations = evaluated_by_city(made.services.state.subjects())
    for code in (NINGBO, ZHOUSHAN, "110000"):
        place = codes.index(code)
        days = days_of_cities(made.services.observations, {code: stations.get(code, [])}, DAYS, at)[code]
        assert np.array_equal(made.array("city_day_aqi")[place], days.aqi)
        assert np.array_equal(made.array("city_day_levels")[place], days.level)
        primary = mask_by_item(made.array("city_day_primary")[place], DAY_ITEMS)
        assert np.array_equal(primary, days.primary[[days.items.index(item) for item in DAY_ITEMS]])


def test_ranks_of_months_are_those_of_the_interface(made: Made) -> None:
    """Rank, composite index, primary item and rate of each key city."""
    ranks = made.table("ranks_of_months")
    for month in MONTHS:
        answer = ranking(made.services, month, "index")
        assert answer.number > 160
        rows = {city: row for (name, city), row in ranks.items() if name == f"{month.start:%Y-%m}"}
        assert rows.keys() == {city.code for city in answer.cities}
        for city in answer.cities:
            row = rows[city.code]
            assert (int(row["rank"]), float(row["index"]), row["primary"].split()) == (
                city.rank,
                city.index,
                city.primary,
            )
            assert float(row["rate"]) == city.rate
            assert int(row["of"]) == answer.number


def test_statistics_of_months_are_those_of_the_interface(made: Made) -> None:
    """Means, percentiles and valid days of each item, index and rate."""
    months = made.table("months_of_cities")
    for month in MONTHS:
        for code in (NINGBO, ZHOUSHAN, "310000"):
            answer, row = statistics(made.services, code, month), months[f"{month.start:%Y-%m}", code]
            for item, told in answer.statistics.items():
                assert _number(row[f"{item}_mean"]) == told.mean
                assert _number(row[f"{item}_percentile"]) == told.percentile
                assert int(row[f"{item}_days"]) == told.valid_days
            assert answer.ranking_index is not None
            assert _number(row["index"]) == answer.ranking_index.value


def test_the_year_is_told_by_its_days_that_were_computed(made: Made) -> None:
    """Two months of it, and so it says."""
    row = made.table("years_of_cities")["2026", NINGBO]
    assert row["days"] == "59"
    assert int(row["valid"]) <= 59


def test_a_day_is_a_row_with_decimals_level_and_edition(made: Made) -> None:
    """What Ningbo sent for itself, and one that no station told enough of."""
    days = made.table("days_of_cities")
    row = days["2026-02-04", NINGBO]
    assert [row[item] for item in DAY_ITEMS] == ["9", "20", "33", "21", "0.6", "77"]
    assert (row["level"], row["edition"]) == ("1", "HJ 633—2012")
    assert days["2026-03-01", NINGBO]["edition"] == "HJ 633—2026"
    assert row["name"] == f"城{NINGBO} City {NINGBO}"


def test_the_manifest_tells_from_what_and_by_what(made: Made) -> None:
    """Message, editions, items, and the axes of each array."""
    manifest = made.manifest
    assert manifest.plan.sequence == made.services.observations.sequence()
    assert manifest.plan.editions["hj633"] == ("hj633_2012", "hj633_2026")
    for name, file in manifest.files.items():
        assert (made.folder / name).stat().st_size == file.size
    assert manifest.files["station_hour_flags.npy"].axes == ("hour_items", "hours", "stations")
    assert made.array("station_hour_flags").shape == (len(catalogue.told("hour")), 59 * 24, 5)


def _number(text: str) -> float | None:
    return float(text) if text else None
