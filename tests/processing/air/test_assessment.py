"""A period from its hours: the parts agree with their functions, with plain Python, and with one another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.assessment import Assessment, Editions, assess
from qingchuan.processing.air.assessment_explained import explain_assess
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.calendar_periods import CalendarPeriod, month_of, span
from qingchuan.processing.scaled import MISSING, Scaled

PERIOD = month_of(date(2025, 6, 1))
STATIONS = 7
EDITIONS = Editions(
    standards.load("hj633_2012", standards.AirQualityIndex),
    standards.load("hj663_2013", standards.AirAssessment),
    standards.load("gb3095_2012", standards.AmbientAirLimits),
    2,
    standards.load("hb2018_19", standards.CityAirRanking),
)
HOURS = tuple(EDITIONS.index.report("hour"))


def _hours(period: CalendarPeriod, stations: int = STATIONS) -> Scaled:
    """Values about the limits, with gaps of hours; the last station is silent, the one before has no CO."""
    chance = np.random.default_rng(1)
    hours = chance.integers(0, 250, (6, 24 * period.days, stations), dtype=np.uint16)
    hours[HOURS.index("co")] //= 10
    hours[chance.random(hours.shape) < 0.06] = MISSING
    hours[..., stations - 1 :] = MISSING
    hours[HOURS.index("co"), :, stations - 2 : stations - 1] = MISSING
    return hours


@pytest.fixture(scope="module")
def hours() -> Scaled:
    """A month of seven stations."""
    return _hours(PERIOD)


@pytest.fixture(scope="module")
def found(hours: Scaled) -> Assessment:
    """What it comes to."""
    return assess(hours, PERIOD, EDITIONS)


def test_hours_have_the_aqi_that_they_have_alone(hours: Scaled, found: Assessment) -> None:
    """AQI and primary pollutants, time first."""
    air = evaluate(dict(zip(HOURS, hours, strict=True)), "hour", EDITIONS.index)
    assert np.array_equal(found.hourly.aqi, air.aqi)
    assert np.array_equal(found.hourly.primary, air.primary)
    assert found.hourly.aqi.shape == (24 * 30, STATIONS)


def test_days_are_those_of_averaging_with_their_axis_last(hours: Scaled, found: Assessment) -> None:
    """Five means and one maximum, of ozone's hours."""
    assert list(found.days) == list(EDITIONS.index.report("day"))
    for item, days in found.days.items():
        source = hours[HOURS.index("o3" if item == "o3_8h" else item)]
        by_time = daily_max_8h(source, EDITIONS.rules, 160) if item == "o3_8h" else daily_mean(source, EDITIONS.rules)
        assert np.array_equal(days, by_time.T)
    assert np.array_equal(found.daily.aqi, evaluate(found.days, "day", EDITIONS.index).aqi)


def test_levels_are_counted_over_the_days_that_count(found: Assessment) -> None:
    """Of a day without all its items only one above 100 counts; told again day by day."""
    for station in range(STATIONS):
        counts = [0] * 6
        for day in range(PERIOD.days):
            aqi = int(found.daily.aqi[station, day])
            counted = aqi >= 0 and (bool(found.daily.complete[station, day]) or aqi > 100)
            assert bool(found.counted[station, day]) is counted
            if counted:
                counts[int(found.daily.level[station, day]) - 1] += 1
        assert found.level_days[station].tolist() == counts


def test_statistics_are_means_and_percentiles_of_the_days(found: Assessment) -> None:
    """By fractions, and by the function of percentiles."""
    for item, days in found.days.items():
        statistics = found.statistics[item]
        for station, row in enumerate(days):
            valid = [int(value) for value in row if value != MISSING]
            mean = round(Fraction(sum(valid), len(valid))) if valid else MISSING
            assert statistics.mean[station] == mean
        assert statistics.percent is not None
        assert np.array_equal(statistics.percentile, percentile(ordered(days), statistics.percent))


def test_ranks_follow_the_composite_index_and_who_lacks_an_item_has_none(found: Assessment) -> None:
    """The silent station and the one without CO stand outside."""
    total, ranks = found.index.total.tolist(), found.ranks.tolist()
    assert total[-2:] == [-1, -1]
    assert ranks[-2:] == [0, 0]
    assert ranks[:-2] == [1 + sum(0 <= other < index for other in total) for index in total[:-2]]
    ranked = found.concentrations
    assert np.array_equal(ranked["pm25"], found.statistics["pm25"].mean)
    assert np.array_equal(ranked["o3_8h"], found.statistics["o3_8h"].percentile)


def test_the_hours_are_not_changed(hours: Scaled, found: Assessment) -> None:
    """They may be a map of a file."""
    assert np.array_equal(hours, _hours(PERIOD))
    assert not any(np.shares_memory(days, hours) for days in found.days.values())


def test_a_part_of_a_larger_cube_comes_to_the_same(hours: Scaled) -> None:
    """Some days of some stations, not contiguous."""
    period = span(date(2025, 6, 3), date(2025, 6, 9))
    part = hours[:, 48 : 48 + 24 * period.days, ::2]
    assert not part.flags.c_contiguous
    some, same = assess(part, period, EDITIONS), assess(part.copy(), period, EDITIONS)
    assert np.array_equal(some.daily.aqi, same.daily.aqi)
    assert np.array_equal(some.hourly.aqi, same.hourly.aqi)
    assert np.array_equal(some.index.total, same.index.total)


@pytest.mark.parametrize("stations", [0, 1])
def test_no_stations_and_one_station_are_no_errors(stations: int) -> None:
    """Shapes are kept."""
    found = assess(np.full((6, 24 * 30, stations), 10, np.uint16), PERIOD, EDITIONS)
    assert found.ranks.tolist() == [1] * stations
    assert found.level_days.shape == (stations, 6)


@pytest.mark.parametrize("shape", [(6, 24 * 30), (5, 24 * 30, 1), (6, 24 * 31, 1), (6, 24 * 30 - 1, 1)])
def test_hours_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    """The message shows the shape and what it must be."""
    with pytest.raises(ValueError, match=r"those of 30 days have \(6, 720, stations\)"):
        assess(np.zeros(shape, np.uint16), PERIOD, EDITIONS)


@pytest.mark.parametrize("place", range(STATIONS))
def test_what_is_told_of_a_station_is_what_was_found(found: Assessment, place: int) -> None:
    """Index, days by level and rank, also of stations that have none."""
    told = explain_assess(found, place)
    levels, rate, index, rank = told.parts
    total, ranked = int(found.index.total[place]), int(found.ranks[place])
    assert told.value == index.value == (None if total < 0 else total / 100)
    assert rank.value == (ranked or None)
    assert [part.value for part in levels.parts] == found.level_days[place].tolist()
    assert rate.valid == levels.value == int(found.counted[place].sum())
