"""Check values of the index from other hands: published hours and days, other projects, boundaries by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.scaled import to_scaled
from qingchuan.processing.standards import AirQualityIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qingchuan.processing.standards.air_index import Averaging

EDITIONS = {name: standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026")}
HOURS = ("pm25", "pm10", "co", "no2", "o3", "so2")

# Published hours of Shanghai stations under HJ 633—2012 (github.com/Marticles/shanghai-historical-air-quality-data):
# PM2.5, PM10, CO, NO2, O3 1 h, SO2; published AQI and primary pollutants; recomputed AQI and primary under 2026.
SHANGHAI = [
    ((83, 170, 1.2, 57, 132, 10), 110, "pm25 pm10", 121, "pm25"),
    ((42, 76, 0.493, 25, 170, 9), 63, "pm10 o3", 69, "pm10"),
    ((54, 55, 0.5, 28, 179, 12), 74, "pm25 o3", 88, "pm25"),
    ((84, 123, 0.8, 43, 224, 14), 112, "pm25 o3", 122, "pm25"),
    ((37, 56, 0.513, 15, 36, 9), 53, "pm25 pm10", 55, "pm10"),
    ((64, 130, 1.2, 209, 20, 18), 101, "no2", 104, "pm25 pm10"),
    ((41, 46, 6.0, 37, 102, 7), 60, "co", 62, "pm25"),
    ((22, 42, 0.5, 24, 59, 168), 53, "so2", 53, "so2"),
    ((47, 66, 0.6, 26, 455, 11), 214, "o3", 214, "o3"),
    ((109, 406, 0.9, 46, 41, 12), 280, "pm10", 280, "pm10"),
    ((102, 471, 0.9, 50, 94, 17), 364, "pm10", 364, "pm10"),
    ((265, 116, 1.8, 104, 8, 13), 315, "pm25", 315, "pm25"),
    ((156, 164, 1.7, 143, 6, 16), 206, "pm25", 206, "pm25"),
    ((130, 150, 1.028, 66, 55, 10), 172, "pm25", 172, "pm25"),
    ((87, 115, 1.041, 88, 36, 8), 115, "pm25", 125, "pm25"),
    ((54, 70, 0.6, 29, 231, 13), 116, "o3", 116, "o3"),
    ((64, 98, 0.7, 37, 309, 19), 155, "o3", 155, "o3"),
    ((114, 445, 1.1, 51, 65, 19), 332, "pm10", 332, "pm10"),
    ((245, 268, 2.1, 97, 13, 16), 295, "pm25", 295, "pm25"),
]

# Check values of HJ 633—2026 in tests of other projects, those that agree with the printed table: item, averaging,
# concentration, index. Left out as wrong: PM2.5 60.11 → 101 (not rounded before, against 4.2.2), and the daily SO2 of
# aqi-hub 0.3.3 (50 → 17, 150 → 50), whose daily column is the hourly one.
PUBLISHED_2026: list[tuple[str, Averaging, float, int]] = [
    ("pm25", "day", 75, 114),
    ("pm25", "hour", 75, 114),
    ("pm25", "day", 60, 100),
    ("pm25", "day", 35, 50),
    ("pm25", "day", 115, 150),
    ("pm25", "day", 500, 500),
    ("pm25", "day", 800, 500),
    ("pm25", "day", 60.5, 100),
    ("pm25", "day", 60.6, 101),
    ("pm25", "day", 60.11, 100),
    ("pm25", "day", 59, 98),
    ("pm10", "day", 150, 112),
    ("pm10", "day", 120, 100),
    ("pm10", "day", 118, 99),
    ("so2", "hour", 500, 100),
    ("so2", "hour", 650, 150),
    ("so2", "hour", 801, 200),
    ("so2", "hour", 900, 200),
    ("so2", "hour", 2000, 200),
    ("so2", "day", 475, 150),
    ("so2", "day", 50, 50),
    ("so2", "day", 150, 100),
    ("no2", "hour", 350, 115),
    ("no2", "hour", 3840, 500),
    ("no2", "day", 180, 150),
    ("no2", "day", 940, 500),
    ("co", "day", 14, 150),
    ("o3_8h", "day", 801, 300),
    ("o3_8h", "day", 900, 300),
    ("o3_8h", "day", 1200, 300),
    ("o3_8h", "day", 215, 150),
    ("o3", "hour", 1000, 400),
]

# Boundary values derived by hand-held fractions from the printed tables: edition, item, averaging, "C→IAQI …".
BOTH = tuple(EDITIONS)
DERIVED: list[tuple[tuple[str, ...], str, Averaging, str]] = [
    (BOTH[:1], "pm25", "day", "1→2 7→10 34→49 35→50 36→52 59→80 60→82 74→99 75→100 76→102 100→132 115→150 116→152"),
    (BOTH[:1], "pm25", "hour", "150→200 151→201 250→300 251→301 350→400 351→401 499→500 500→500 501→500"),
    (BOTH[1:], "pm25", "day", "1→2 7→10 34→49 35→50 36→52 49→78 59→98 60→100 61→101 74→113 75→114 76→115 100→137"),
    (BOTH[1:], "pm25", "hour", "115→150 116→152 150→200 151→201 250→300 350→400 500→500"),
    (BOTH[:1], "pm10", "day", "1→1 49→49 50→50 51→51 100→75 119→85 120→85 121→86 149→100 150→100 151→101 200→125"),
    (BOTH[:1], "pm10", "hour", "250→150 351→202 420→300 421→302 500→400 501→401 600→500"),
    (BOTH[1:], "pm10", "day", "50→50 51→51 100→86 119→100 120→100 121→101 149→112 150→112 151→112 200→131 250→150"),
    (BOTH[1:], "pm10", "hour", "351→202 420→300 600→500"),
    (BOTH, "so2", "day", "1→1 50→50 51→51 100→75 149→100 150→100 151→101 300→124 475→150 476→151 523→158 800→200"),
    (BOTH, "so2", "day", "801→201 1600→300 2100→400 2620→500"),
    (BOTH, "so2", "hour", "1→1 75→25 150→50 151→51 300→72 500→100 501→101 575→125 650→150 651→151 800→200"),
    (BOTH, "no2", "day", "1→2 39→49 40→50 41→52 57→72 80→100 81→101 100→110 180→150 280→200 400→243 565→300 566→301"),
    (BOTH, "no2", "day", "750→400 940→500"),
    (BOTH, "no2", "hour", "1→1 100→50 101→51 143→72 200→100 201→101 209→101 350→115 700→150 1200→200 1201→201"),
    (BOTH, "no2", "hour", "2340→300 3090→400 3840→500"),
    (BOTH, "co", "day", "0.1→3 0.9→23 1.9→48 2.0→50 2.1→53 2.2→55 3.0→75 4.0→100 4.1→101 5.0→105 14.0→150 14.1→151"),
    (BOTH, "co", "day", "24.0→200 24.1→201 36→300 48→400 60→500"),
    (BOTH, "co", "hour", "0.1→1 1.1→11 2.2→22 4.4→44 4.9→49 5.0→50 5.1→51 10.0→100 10.1→101 35→150 35.1→151 60→200"),
    (BOTH, "co", "hour", "65.4→218 66.9→223 90→300 120→400 150→500"),
    (BOTH, "o3", "hour", "16→5 160→50 161→52 170→63 179→74 200→100 201→101 231→116 300→150 309→155 400→200 401→201"),
    (BOTH, "o3", "hour", "455→214 800→300 801→301 1000→400 1200→500"),
    (BOTH, "o3_8h", "day", "50→25 100→50 101→51 130→75 159→100 160→100 161→101 170→110 200→137 215→150 216→151"),
    (BOTH, "o3_8h", "day", "240→175 265→200 266→201 400→226 533→251 800→300"),
    # Published: 华为杯 2021-B, 137.27 rounded up.
    (BOTH, "o3_8h", "day", "201→138"),
]

# A document on matter products has the class follow the rounded concentration: PM2.5, level.
ROUNDED_BEFORE_THE_CLASS = [(35.5, "良"), (60.5, "良"), (34.5, "优"), (61.5, "轻度污染")]


def _air(values: Mapping[str, float], averaging: Averaging, edition: str) -> AirQuality:
    scaled = {item: to_scaled(value, catalogue.item(item).decimals) for item, value in values.items()}
    return evaluate(scaled, averaging, EDITIONS[edition])


def _index(item: str, averaging: Averaging, value: float, edition: str) -> int:
    air = _air({item: value}, averaging, edition)
    return int(air.iaqi[air.items.index(item)])


def _primary(air: AirQuality) -> set[str]:
    return set(items_of_mask(int(air.primary), air.items))


@pytest.mark.parametrize(("values", "aqi", "primary", "aqi_2026", "primary_2026"), SHANGHAI)
def test_published_hours_of_shanghai(
    values: tuple[float, ...], aqi: int, primary: str, aqi_2026: int, primary_2026: str
) -> None:
    """The published AQI and primary pollutants; and the same air under 2026."""
    hour = dict(zip(HOURS, values, strict=True))
    for edition, wanted, first in (("hj633_2012", aqi, primary), ("hj633_2026", aqi_2026, primary_2026)):
        air = _air(hour, "hour", edition)
        assert int(air.aqi) == wanted
        assert _primary(air) == set(first.split())
        assert bool(air.complete)
        assert bool(air.published)


@pytest.mark.parametrize(("item", "averaging", "value", "index"), PUBLISHED_2026)
def test_check_values_of_other_projects(item: str, averaging: Averaging, value: float, index: int) -> None:
    """Typed by other hands than the table."""
    assert _index(item, averaging, value, "hj633_2026") == index


@pytest.mark.parametrize(("value", "level"), ROUNDED_BEFORE_THE_CLASS)
def test_the_class_is_that_of_the_rounded_concentration(value: float, level: str) -> None:
    """Half to even: 35.5 is 36, and 60.5 is 60."""
    air = _air({"pm25": value}, "day", "hj633_2026")
    assert EDITIONS["hj633_2026"].levels[int(air.level) - 1].zh == level


@pytest.mark.parametrize(("editions", "item", "averaging", "pairs"), DERIVED)
def test_boundaries_of_the_tables(editions: tuple[str, ...], item: str, averaging: Averaging, pairs: str) -> None:
    """Both sides of every breakpoint; inputs where floats and a ceiling are off by one among them."""
    for edition in editions:
        for value, index in (pair.split("→") for pair in pairs.split()):
            assert _index(item, averaging, float(value), edition) == int(index), (edition, value)


@pytest.mark.parametrize(
    ("values", "indices"),
    [
        # README of aqi-hub, inputs; indices computed anew (its own sample output mixes days and hours).
        ((120, 180, 1.0, 150, 200, 65), (158, 124, 10, 75, 100, 22)),
        # Hourly tests of aqi-hub.
        ((75, 150, 10, 200, 200, 500), (114, 112, 100, 100, 100, 100)),
        ((75, 150, 10, 200, 200, 800), (114, 112, 100, 100, 100, 200)),
        ((250, 350, 35, 700, 300, 650), (300, 200, 150, 150, 150, 150)),
        ((35, 50, 5, 100, 160, 150), (50, 50, 50, 50, 50, 50)),
    ],
)
def test_hours_of_another_project(values: tuple[float, ...], indices: tuple[int, ...]) -> None:
    """All six indices of an hour, and their largest."""
    air = _air(dict(zip(HOURS, values, strict=True)), "hour", "hj633_2026")
    assert [int(air.iaqi[air.items.index(item)]) for item in HOURS] == list(indices)
    assert int(air.aqi) == max(indices)
    assert _primary(air) == {h for h, i in zip(HOURS, indices, strict=True) if i == max(indices) and i > 50}


@pytest.mark.parametrize(
    ("values", "aqi", "primary"),
    [
        ((8, 12, 27, 11, 112, 0.5), 60, "o3_8h"),
        ((7, 16, 24, 10, 92, 0.5), 46, ""),
        ((7, 31, 37, 23, 169, 0.6), 109, "o3_8h"),
    ],
)
def test_published_days_of_a_contest(values: tuple[float, ...], aqi: int, primary: str) -> None:
    """华为杯 2021-B under HJ 633—2012: SO2, NO2, PM10, PM2.5, O3, CO, as its published indices give them back."""
    day = dict(zip(("so2", "no2", "pm10", "pm25", "o3_8h", "co"), values, strict=True))
    air = _air(day, "day", "hj633_2012")
    assert int(air.aqi) == aqi
    assert _primary(air) == set(primary.split())
