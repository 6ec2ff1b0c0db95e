"""What the thresholds that ship rest on, recounted; and what the tests find in published hours and readings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from qingchuan.processing.flags import BAD, MISSING, SUSPECT
from qingchuan.processing.quality import thresholds
from qingchuan.processing.quality.assess import outcomes
from qingchuan.processing.quality.by_thresholds import ByTest, by_itself
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.logic import part_above_whole
from qingchuan.processing.quality.network import all_others
from tests.support.published import air_number, rows
from tests.support.quality import HOUR, Flags, Values

SHIPPED = thresholds.shipped()
COLUMNS = {"so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm25": "PM2.5", "co": "CO", "o3": "O3"}
WATER = {
    "temperature": "raw_水温",
    "ph": "raw_pH",
    "do": "raw_DO",
    "conductivity": "raw_电导率",
    "turbidity": "raw_浊度",
    "codmn": "raw_CODMn",
    "nh3n": "raw_NH3N",
    "tp": "raw_TP",
    "tn": "raw_TN",
}


@pytest.fixture(scope="module")
def beijing(reference_data: Path) -> Values:
    """Hours of four stations, 2013-03 to 2017-02, shape (items, stations, hours); CO in mg/m³."""
    files = sorted((reference_data / "air-hourly-beijing").glob("*.csv.gz"))
    told = [[[_number(row[column]) for row in rows(file)] for file in files] for column in COLUMNS.values()]
    values = np.array(told)
    values[list(COLUMNS).index("co")] /= 1000
    return values


@pytest.fixture(scope="module")
def sections(reference_data: Path) -> dict[str, Values]:
    """Readings of national automatic sections, 2020-05 to 2021-04, one a row, by item."""
    told = rows(reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz")
    return {item: np.array([_number(row[column]) for row in told]) for item, column in WATER.items()}


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


@pytest.fixture(scope="module")
def found(beijing: Values) -> ByTest:
    """What each test says of the hours of Beijing."""
    times = HOUR * np.arange(beijing.shape[-1])
    return outcomes(beijing, tuple(COLUMNS), times, np.full(beijing.shape, 2), SHIPPED, all_others(4)).by_test


def _share(flags: Flags, values: Values) -> float:
    """Share of the values that a test objects to."""
    return float(np.isin(flags, (SUSPECT, BAD)).sum() / np.isfinite(values).sum())


@pytest.mark.parametrize("item", COLUMNS)
@pytest.mark.parametrize("test", [QualityTest.SPIKE, QualityTest.RATE_OF_CHANGE, QualityTest.GROSS_RANGE])
def test_one_hour_in_ten_thousand_or_fewer_stands_out(
    beijing: Values, found: ByTest, item: str, test: QualityTest
) -> None:
    """The evidence `beijing`; thresholds of spikes and rates are not much larger than they need be."""
    row = list(COLUMNS).index(item)
    share = _share(found[test][row], beijing[row])
    assert share < (1.2e-4 if item == "o3" else 1e-4)
    assert test is QualityTest.GROSS_RANGE or share > 0.5e-4


def test_the_analyser_that_stood_at_the_end_of_its_range_is_found(beijing: Values, found: ByTest) -> None:
    """Dongsi, 2013-08-15 23:00 to 08-17 04:00: 1071 µg/m³ are the 500 ppb that its range ends at."""
    o3 = list(COLUMNS).index("o3")
    flags = found[QualityTest.GROSS_RANGE][o3]
    stations, hours = np.nonzero(flags == SUSPECT)
    assert len(set(stations.tolist())) == 1
    first = np.datetime64("2013-03-01T00", "h")
    assert [str(first + hours.min()), str(first + hours.max())] == ["2013-08-15T23", "2013-08-17T04"]
    assert Counter(beijing[o3, stations, hours].tolist()) == {1071.0: 14, 1050.0: 1, 1026.0: 1}
    assert found[QualityTest.RATE_OF_CHANGE][o3, stations[0], hours.min()] == SUSPECT


@pytest.mark.parametrize("item", COLUMNS)
def test_few_hours_stand_apart_from_the_other_stations(beijing: Values, found: ByTest, item: str) -> None:
    """The evidence `iglewicz`: 1 % at most, though two of the stations lie outside the city."""
    row = list(COLUMNS).index(item)
    assert 0 < _share(found[QualityTest.NETWORK][row], beijing[row]) < 0.01


@pytest.mark.parametrize("item", COLUMNS)
def test_few_hours_are_flat(beijing: Values, found: ByTest, item: str) -> None:
    """The evidence `repeats`: 0.1 % at most."""
    row = list(COLUMNS).index(item)
    assert _share(found[QualityTest.FLAT_LINE][row], beijing[row]) < 0.001


def test_fine_particles_above_all_particles_are_as_common_as_it_is_said(
    beijing: Values, found: ByTest, reference_data: Path
) -> None:
    """The evidence `inversion`: more than 10 µg/m³ in 3 %, any amount in 5 and 9 %."""
    fine, all_ = (beijing[list(COLUMNS).index(item)] for item in ("pm25", "pm10"))
    told = np.isfinite(fine) & np.isfinite(all_)
    flagged = found[QualityTest.LOGIC][list(COLUMNS).index("pm25")][told] == SUSPECT
    assert (round(100 * flagged.mean()), round(100 * (fine > all_)[told].mean())) == (3, 5)
    pairs = {
        (row["site"], row["time"]): (air_number(row["pm25"]), air_number(row["pm10"]))
        for file in sorted((reference_data / "air-hourly-shanghai").glob("*.csv.gz"))
        for row in rows(file)
        if row["time"] >= "2018-07-01"
    }
    both = np.array([pair for pair in pairs.values() if None not in pair], dtype=np.float64).T
    flagged = part_above_whole(both[0], both[1], SHIPPED.logic[0].tolerance)[0] == SUSPECT
    assert (round(100 * flagged.mean()), round(100 * (both[0] > both[1]).mean())) == (3, 9)


def test_nothing_is_made_of_what_is_missing(beijing: Values, found: ByTest) -> None:
    """Every missing hour is missing to the gap test, and none that is there is missing to any test."""
    missing = np.isnan(beijing)
    assert ((found[QualityTest.GAP] == MISSING) == missing).all()
    assert all((flags[~missing] != MISSING).all() for flags in found.values())


@pytest.mark.parametrize("item", WATER)
def test_few_readings_of_water_are_outside_what_is_usual(sections: dict[str, Values], item: str) -> None:
    """The evidence `water_range`: three of 10,000 at most; none is outside what is plausible."""
    flags = by_itself(sections[item], item, SHIPPED.of(item))[QualityTest.GROSS_RANGE]
    assert _share(flags, sections[item]) < 3e-4
    assert not (flags == BAD).any()


def test_zeros_of_water_are_as_many_as_it_is_said(sections: dict[str, Values]) -> None:
    """The evidence `zero_water`."""
    zeros = {item: int((values == 0).sum()) for item, values in sections.items() if SHIPPED.of(item).zero}
    told = {item: int(np.isfinite(sections[item]).sum()) for item in ("codmn", "tn")}
    assert (zeros, told) == ({"ph": 0, "codmn": 18, "tn": 18}, {"codmn": 11_316, "tn": 8_848})


def test_ammonia_above_total_nitrogen_is_found_with_both(sections: dict[str, Values]) -> None:
    """72 readings of a year."""
    part, whole = part_above_whole(sections["nh3n"], sections["tn"], SHIPPED.logic[1].tolerance)
    assert (part == SUSPECT).sum() == (whole == SUSPECT).sum() == 72
