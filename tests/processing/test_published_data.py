"""Published hours, days and classes, recomputed straight on arrays.

Real data of national stations that are not shipped: the folder's own README says what its blanks and zeros mean.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.decimals import comparable
from qingchuan.processing.rounding import round_water
from qingchuan.processing.scaled import to_scaled
from qingchuan.processing.standards.air_index import Averaging
from qingchuan.processing.water.classes import item_classes, section_class

Rows = list[dict[str, str]]

INDEX = standards.load("hj633_2012", standards.AirQualityIndex)
WATER = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
CLASSES = {row.name: row.number for row in standards.load("hb2011_22", standards.WaterStatus).classes.rows}
LEVELS = {level.zh: level.number for level in INDEX.levels}

HOUR_COLUMNS = {"so2": "so2", "no2": "no2", "pm10": "pm10", "pm25": "pm25", "co": "co", "o3": "ozone1hour"}
DAY_COLUMNS = {item: item for item in INDEX.report("day")}
WATER_COLUMNS = {"ph": "raw_pH", "do": "raw_DO", "codmn": "raw_CODMn", "nh3n": "raw_NH3N", "tp": "raw_TP"}
DISPLAYED = {
    "temperature": "水温",
    "ph": "pH",
    "do": "DO",
    "conductivity": "电导率",
    "turbidity": "浊度",
    "codmn": "CODMn",
    "nh3n": "NH3N",
    "tp": "TP",
    "tn": "TN",
}
PRIMARY = {"PM2.5": "pm25", "PM10": "pm10", "O3": "o3", "颗粒物(PM10)": "pm10"}

# From here on that site's PM10 is of the hour itself, no longer stale or filled.
SHANGHAI_SINCE = "2018-07-01"


def _rows(path: Path) -> Rows:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(text.decode("utf-8").splitlines()))


def _number(text: str) -> float:
    """Number of a cell; a blank and a zero mean missing in the air data."""
    return float(text) if text and float(text) else np.nan


def _air(rows: Rows, columns: dict[str, str], averaging: Averaging) -> AirQuality:
    scaled = {
        item: to_scaled([_number(row[column]) for row in rows], catalogue.item(item).decimals)
        for item, column in columns.items()
    }
    return evaluate(scaled, averaging, INDEX)


@pytest.fixture(scope="module", params=["hongkou", "jingan", "qingpudianshanhu"])
def shanghai(request: pytest.FixtureRequest, reference_data: Path) -> tuple[Rows, AirQuality]:
    """Hours of a station since July 2018 that have all six items and a published AQI."""
    rows = _rows(reference_data / "air-hourly-shanghai" / f"{request.param}.csv.gz")
    rows = [row for row in rows if row["time"] >= SHANGHAI_SINCE and not np.isnan(_number(row["aqi"]))]
    complete = _air(rows, HOUR_COLUMNS, "hour").complete
    rows = [row for row, whole in zip(rows, complete, strict=True) if whole]
    assert len(rows) > 6000
    return rows, _air(rows, HOUR_COLUMNS, "hour")


def test_the_hourly_aqi_of_shanghai_is_the_published_one(shanghai: tuple[Rows, AirQuality]) -> None:
    """Every hour with six items, without exception."""
    rows, air = shanghai
    assert air.aqi.tolist() == [int(float(row["aqi"])) for row in rows]


def test_the_hourly_level_of_shanghai_is_the_published_one(shanghai: tuple[Rows, AirQuality]) -> None:
    """Wherever a level is given."""
    rows, air = shanghai
    given = [(int(level), LEVELS[row["level"]]) for row, level in zip(rows, air.level, strict=True) if row["level"]]
    assert len(given) > 1000
    assert [found for found, _ in given] == [published for _, published in given]


def test_the_primary_pollutant_of_shanghai_is_the_published_one(shanghai: tuple[Rows, AirQuality]) -> None:
    """Wherever one is named and the AQI is above 50; "-" stands for several things and is left out."""
    rows, air = shanghai
    named = [place for place, row in enumerate(rows) if row["primarypollutant"] in PRIMARY and air.aqi[place] > 50]
    assert len(named) > 500
    for place in named:
        primary = list(items_of_mask(int(air.primary[place]), air.items))
        assert primary == [PRIMARY[rows[place]["primarypollutant"]]], rows[place]


def test_the_daily_aqi_and_level_of_zhejiang_are_the_published_ones(reference_data: Path) -> None:
    """Five cities, 2016 and 2019, every row."""
    rows = _rows(reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv")
    air = _air(rows, DAY_COLUMNS, "day")
    assert len(rows) > 2000
    assert air.aqi.tolist() == [int(row["aqi"]) for row in rows]
    assert air.level.tolist() == [LEVELS[row["level"]] for row in rows]


@pytest.fixture(scope="module")
def sections(reference_data: Path) -> tuple[Rows, NDArray[np.uint8], dict[str, NDArray[np.uint8]]]:
    """Readings of national sections with a published class; our class by the river and by the lake column."""
    rows = _rows(reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz")
    rows = [row for row in rows if row["水质类别"] in CLASSES]
    values = [[comparable(row[c]) if row[c] else np.nan for row in rows] for c in WATER_COLUMNS.values()]
    ours = {
        "river": section_class(item_classes(values, tuple(WATER_COLUMNS), "river", WATER))[0],
        "lake": section_class(item_classes(values, tuple(WATER_COLUMNS), "lake", WATER))[0],
    }
    return rows, np.array([CLASSES[row["水质类别"]] for row in rows], np.uint8), ours


def test_every_displayed_value_is_the_exact_one_rounded(reference_data: Path) -> None:
    """Hourly decimals, half to even, never rounded away to zero (trailing zeros were not shown then)."""
    rows = _rows(reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz")
    judged = 0
    for item, column in DISPLAYED.items():
        places = catalogue.item(item).decimals
        cells = [(row[f"raw_{column}"], row[column]) for row in rows if row[f"raw_{column}"]]
        judged += len(cells)
        assert [cell for cell in cells if round_water(cell[0], places) != Decimal(cell[1])] == []
    assert judged > 90_000


def test_four_readings_in_eleven_thousand_fit_neither_column(
    sections: tuple[Rows, NDArray[np.uint8], dict[str, NDArray[np.uint8]]],
) -> None:
    """The published class is that of the river or of the lake column, with the four exceptions that are known."""
    rows, published, ours = sections
    neither = np.flatnonzero((ours["river"] != published) & (ours["lake"] != published))
    assert Counter((rows[place]["断面名称"], rows[place]["抓取日期"]) for place in neither) == Counter(
        [("三岔口", "2020-11-04"), ("宗关", "2020-11-04"), ("泺口", "2021-02-08"), ("古北口", "2021-03-29")]
    )


def test_a_kind_learned_on_alternate_readings_gives_the_others(
    sections: tuple[Rows, NDArray[np.uint8], dict[str, NDArray[np.uint8]]],
) -> None:
    """At least 99.8 % of the readings a section's kind was not learned on."""
    rows, published, ours = sections
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row["省份"], row["断面名称"]].append(place)
    misses, judged = [], 0
    for section, known in places.items():
        learned, others = known[::2], known[1::2]
        hits = {kind: (classes[learned] == published[learned]).sum() for kind, classes in ours.items()}
        classes = ours["lake" if hits["lake"] > hits["river"] else "river"]
        judged += len(others)
        misses += [(section, rows[place]["监测时间"]) for place in others if classes[place] != published[place]]
    assert judged > 5000
    assert len(misses) <= 0.002 * judged, misses
