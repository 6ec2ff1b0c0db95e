"""The day in progress on four years of Beijing: what 14:00 allowed the rest of the day, and how the day ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.budget import OPEN, OUT_OF_REACH
from qingchuan.processing.air.today import day_in_progress
from qingchuan.processing.scaled import MISSING, Scaled, to_scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex
from tests.support.published import rows

INDEX = standards.load("hj633_2012", AirQualityIndex)
RULES = standards.load("hj663_2013", AirAssessment)
LIMIT, PASSED = 160, 14
COLUMNS = {"so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm25": "PM2.5", "co": "CO", "o3": "O3"}


@pytest.fixture(scope="module")
def beijing(reference_data: Path) -> dict[str, Scaled]:
    """Hours of one station by item, shape (24, days): its days stand where stations do."""
    file = reference_data / "air-hourly-beijing" / "PRSA_Data_Dongsi_20130301-20170228.csv.gz"
    table = rows(file)
    hours = {}
    for item, column in COLUMNS.items():
        per = 1000 if item == "co" else 1
        values = [np.nan if row[column] == "NA" else float(row[column]) / per for row in table]
        hours[item] = to_scaled(values, catalogue.item(item).decimals).reshape(-1, 24).T
    assert hours["o3"].shape == (24, 1461)
    return hours


@pytest.mark.parametrize("item", ["so2", "no2", "pm10", "pm25", "co"])
def test_a_day_was_good_exactly_where_the_rest_kept_to_its_sum(item: str, beijing: dict[str, Scaled]) -> None:
    """Of days whose remaining hours are all valid, as the budget takes them to be."""
    hours = beijing[item]
    found = day_in_progress({item: hours[:PASSED]}, INDEX, RULES, LIMIT).items[item]
    means = daily_mean(hours, RULES)[0]
    asked = (hours[PASSED:] != MISSING).all(axis=0) & (means != MISSING)
    kept = (found.state == OPEN) & (hours[PASSED:].sum(axis=0, dtype=np.int64) <= found.largest_total)
    assert asked.sum() > 1000
    assert np.array_equal(kept[asked], means[asked] <= found.good_up_to)


def test_ozone_that_kept_below_its_level_kept_the_day_good(beijing: dict[str, Scaled]) -> None:
    """And a day that was spoilt at 14:00 ended bad."""
    hours = beijing["o3"]
    found = day_in_progress({"o3": hours[:PASSED]}, INDEX, RULES, LIMIT).items["o3_8h"]
    days = daily_max_8h(hours, RULES, LIMIT)[0]
    asked = (hours[PASSED:] != MISSING).all(axis=0) & (days != MISSING)
    below = asked & (found.state == OPEN) & (hours[PASSED:].max(axis=0) <= found.largest_level)
    above = asked & (found.state == OPEN) & (hours[PASSED:].min(axis=0) > found.largest_level)
    assert below.sum() > 500
    assert (days[below] <= LIMIT).all()
    assert (days[above | (asked & (found.state == OUT_OF_REACH))] > LIMIT).all()
