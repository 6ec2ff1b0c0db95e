"""Air: plausible values, chemistry that keeps its balance, and the daily and yearly course of a coastal city."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.periods import parse_instant
from qingchuan.simulators import air
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.noise import HOUR, FloatArray, week_of, week_times
from qingchuan.simulators.weather import clock

FIRST = week_of(parse_instant("2025-01-01T00:00:00+08:00"))
STATIONS = ningbo().air
MOST = {"so2": 120, "no2": 250, "pm10": 700, "pm25": 350, "co": 5.0, "o3": 450}


@pytest.fixture(scope="module")
def year() -> FloatArray:
    """A year of hours, shape (6, hours, stations)."""
    return np.concatenate([air.measured(5, week, STATIONS) for week in range(FIRST, FIRST + 52)], axis=1)


@pytest.fixture(scope="module")
def times() -> np.ndarray:
    """Starts of these hours."""
    return np.concatenate([week_times(week) for week in range(FIRST, FIRST + 52)])


def test_a_week_is_the_same_to_the_bit_whatever_was_asked_before() -> None:
    """So history that is made again tomorrow is the same history."""
    first = air.measured(5, FIRST + 3, STATIONS)
    air.measured(5, FIRST + 30, STATIONS)
    assert air.measured(5, FIRST + 3, STATIONS).tobytes() == first.tobytes()


def test_another_seed_is_other_air() -> None:
    """Most hours differ."""
    assert np.mean(air.measured(5, FIRST, STATIONS) != air.measured(6, FIRST, STATIONS)) > 0.8


def test_values_are_plausible_and_never_zero_or_less(year: FloatArray) -> None:
    """A zero would be read as missing."""
    for values, item in zip(year, air.ITEMS, strict=True):
        assert values.min() > 0
        assert values.max() < MOST[item]
    assert np.isfinite(year).all()


def test_values_have_the_decimals_of_the_station(year: FloatArray) -> None:
    """Whole µg/m³, and CO in tenths of a mg/m³."""
    for values, decimals in zip(year, air.DECIMALS, strict=True):
        assert np.array_equal(values, np.round(values, decimals))


def test_weeks_join_without_a_step(year: FloatArray) -> None:
    """Between weeks a value changes no more than it does within one."""
    change = np.abs(np.diff(year, axis=1))
    joints = change[:, 167::168]
    assert np.all(joints.mean(axis=(1, 2)) < 2.0 * change.mean(axis=(1, 2)) + 0.2)
    assert np.all(joints.max(axis=(1, 2)) <= change.max(axis=(1, 2)))


def test_ozone_peaks_in_the_afternoon_and_no2_in_the_rush_hours(year: FloatArray, times: np.ndarray) -> None:
    """Sunlight makes ozone; what traffic emits eats it."""
    hour, _ = clock(times)
    by_hour = {item: [year[index][hour == at + 0.5].mean() for at in range(24)] for index, item in enumerate(air.ITEMS)}
    assert 12 <= int(np.argmax(by_hour["o3"])) <= 16
    assert int(np.argmax(by_hour["no2"])) in {7, 8, 18, 19, 20}
    assert by_hour["no2"][13] < by_hour["no2"][8]


def test_pm25_is_a_winter_matter_and_ozone_one_of_summer(year: FloatArray, times: np.ndarray) -> None:
    """January against July."""
    month = (times + 8 * HOUR).astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12
    pm25, ozone = year[air.ITEMS.index("pm25")], year[air.ITEMS.index("o3")]
    assert pm25[month == 0].mean() > 1.5 * pm25[month == 6].mean()
    assert ozone[month == 6].mean() > 1.4 * ozone[month == 0].mean()


def test_stations_differ_by_their_surroundings(year: FloatArray) -> None:
    """Most SO₂ by the port, least NO₂ and most ozone by the lake."""
    by_station = dict(zip(air.ITEMS, year.mean(axis=1), strict=True))
    names = [station.id for station in STATIONS]
    assert names[int(np.argmax(by_station["so2"]))] == "1234A"
    assert names[int(np.argmin(by_station["no2"]))] == "1239A"
    assert names[int(np.argmax(by_station["o3"]))] == "1239A"


def test_pm10_holds_pm25(year: FloatArray) -> None:
    """Fine dust is part of it; the instruments' scatter may hide that in a few hours."""
    assert np.mean(year[air.ITEMS.index("pm10")] < year[air.ITEMS.index("pm25")]) < 0.05


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0, 30))
def test_no2_and_ozone_are_in_balance_with_light(nox: float, odd: float, light: float) -> None:
    """None is negative, odd oxygen is kept, and [NO][O₃] is the light times [NO₂]."""
    no2, ozone = air.photostationary(np.array(nox), np.array(odd), np.array(light))
    no = nox - no2
    assert min(no2, ozone, no) > -1e-9
    assert no2 + ozone == pytest.approx(odd)
    assert no * ozone == pytest.approx(light * no2, abs=1e-6 * (1 + nox + odd + light) ** 2)


def test_at_night_no_takes_all_the_ozone_it_can() -> None:
    """With more NOₓ than odd oxygen no ozone is left."""
    _, ozone = air.photostationary(np.array([60.0, 10.0]), np.array([40.0, 40.0]), np.array([0.0, 0.0]))
    assert ozone.tolist() == pytest.approx([0.0, 30.0])
