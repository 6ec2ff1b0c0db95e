"""Water: plausible readings, mostly classes Ⅱ and Ⅲ, and rarely Ⅴ."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.periods import parse_instant
from qingchuan.processing.quality.constant import repeats
from qingchuan.processing.water.classes import item_classes, section_class
from qingchuan.simulators import water
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.noise import FloatArray, week_of, week_times
from qingchuan.simulators.weather import clock

FIRST = week_of(parse_instant("2025-01-01T00:00:00+08:00"))
WEEKS = 100
SECTIONS = ningbo().sections
LEAST_MOST = {
    "temperature": (1, 36),
    "ph": (5, 9.9),
    "do": (0.1, 22),
    "conductivity": (10, 20_000),
    "turbidity": (0.2, 1200),
    "codmn": (0.2, 30),
    "nh3n": (0.001, 15),
    "tp": (0.002, 2),
    "tn": (0.1, 25),
}


@pytest.fixture(scope="module")
def years() -> FloatArray:
    """Some two years of full hours, shape (9, hours, sections)."""
    weeks = [water.as_sent(water.measured(5, week, SECTIONS)) for week in range(FIRST, FIRST + WEEKS)]
    return np.concatenate(weeks, axis=1)


@pytest.fixture(scope="module")
def classes(years: FloatArray) -> np.ndarray:
    """Class of each hour and section as if all analysers read hourly, shape (hours, sections)."""
    gb3838 = standards.in_force("gb3838", date(2025, 1, 1))
    judged = [water.ITEMS.index(item) for item in ("ph", "do", "codmn", "nh3n", "tp")]
    by_section = [
        section_class(
            item_classes(years[judged][:, :, place], ("ph", "do", "codmn", "nh3n", "tp"), section.water_body, gb3838)
        )[0]
        for place, section in enumerate(SECTIONS)
    ]
    return np.stack(by_section, axis=-1)


def test_a_week_is_the_same_to_the_bit_whatever_was_asked_before() -> None:
    """So history that is made again tomorrow is the same history."""
    first = water.measured(5, FIRST + 3, SECTIONS)
    water.measured(5, FIRST + 30, SECTIONS)
    assert water.measured(5, FIRST + 3, SECTIONS).tobytes() == first.tobytes()


def test_readings_are_plausible(years: FloatArray) -> None:
    """No item is negative or beyond what an instrument could show."""
    for values, item in zip(years, water.ITEMS, strict=True):
        least, most = LEAST_MOST[item]
        assert least <= values.min()
        assert values.max() <= most


def test_weeks_join_without_a_step(years: FloatArray) -> None:
    """Between weeks a reading changes no more than it does within one."""
    change = np.abs(np.diff(years, axis=1))
    joints = change[:, 167::168]
    assert np.all(joints.mean(axis=(1, 2)) < 2.0 * change.mean(axis=(1, 2)))


def test_sections_are_mostly_of_class_two_and_three(classes: np.ndarray) -> None:
    """At least 85 % of the hours are Ⅲ or better, some Ⅳ, and few Ⅴ or worse."""
    assert np.mean(classes <= 3) > 0.85
    assert 0.01 < np.mean(classes == 4) < 0.15
    assert 0 < np.mean(classes >= 5) < 0.02


def test_a_few_pollution_episodes_are_seen_in_sixty_days(classes: np.ndarray) -> None:
    """In every such span at least one over all sections, and not more than fifteen."""
    hours = 60 * 24
    for begin in range(0, len(classes) - hours, hours // 2):
        bad = classes[begin : begin + hours] >= 5
        # What comes back within a day is the same episode.
        apart = [np.sum(np.diff(np.flatnonzero(section), prepend=-99) > 24) for section in bad.T]
        assert 1 <= sum(apart) <= 15


def test_no_instrument_seems_to_stand_still(years: FloatArray) -> None:
    """In sixty days the five parameters of all sections stay the same for four hours some three times, not daily."""
    hours = 3600 * np.arange(years.shape[1])
    runs = 0
    for values in years[:5]:
        still = repeats(values.T, hours, 3600) >= 3
        runs += int(np.sum(still[:, 1:] & ~still[:, :-1]))
    assert runs * 60 / (WEEKS * 7) < 5


def test_the_mountain_stream_is_the_cleanest(classes: np.ndarray) -> None:
    """溪口 is of class Ⅰ or Ⅱ nearly always, 四灶浦闸 of class Ⅲ mostly."""
    share = dict(zip([section.name.zh for section in SECTIONS], (classes <= 2).mean(axis=0), strict=True))
    assert share["溪口"] > 0.97
    assert share["四灶浦闸"] < 0.3


def test_oxygen_and_ph_swing_with_the_sun(years: FloatArray) -> None:
    """In a green water both are higher in the afternoon than before dawn."""
    hour, _ = clock(np.concatenate([week_times(week) for week in range(FIRST, FIRST + WEEKS)]))
    place = [section.name.zh for section in SECTIONS].index("四灶浦闸")
    for item in ("do", "ph"):
        values = years[water.ITEMS.index(item), :, place]
        assert values[hour == 15.5].mean() > values[hour == 5.5].mean()


def test_cold_water_holds_more_oxygen() -> None:
    """468 / (31.6 + T) falls from 14.8 mg/L at 0 ℃."""
    saturation = water.oxygen_saturation(np.array([0.0, 10.0, 30.0]))
    assert np.all(np.diff(saturation) < 0)
    assert saturation[0] == pytest.approx(14.81, abs=0.01)


def test_rain_brings_turbidity_and_phosphorus(years: FloatArray) -> None:
    """In a plain river the hours of most turbidity have more phosphorus than the others."""
    turbidity, tp = (years[water.ITEMS.index(item), :, 1] for item in ("turbidity", "tp"))
    muddy = turbidity > np.quantile(turbidity, 0.95)
    assert tp[muddy].mean() > 1.3 * tp[~muddy].mean()


def test_a_slug_of_sewage_reaches_class_five() -> None:
    """Clean water of class Ⅱ with a full slug is worse than class Ⅴ by oxygen and ammonia."""
    clean = np.array([20.0, 7.5, 8.5, 400.0, 10.0, 3.0, 0.1, 0.05, 1.5])
    dirty = dict(zip(water.ITEMS, water.contaminated(clean, np.array(1.0)), strict=True))
    assert dirty["do"] < 2
    assert dirty["nh3n"] > 2
    assert np.array_equal(water.contaminated(clean, np.array(0.0)), clean)


def test_analysers_read_at_national_hours() -> None:
    """0:00, 4:00, 8:00 … Beijing time, and not at the hours between."""
    times = parse_instant("2026-11-25T00:00:00+08:00") + 3600 * np.arange(24)
    assert np.flatnonzero(water.analyser_hour(times)).tolist() == [0, 4, 8, 12, 16, 20]
