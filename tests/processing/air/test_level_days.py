"""Days by their level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.level_days import (
    explain_heavy_pollution_days,
    explain_level_counts,
    heavy_pollution_days,
    level_counts,
)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=60))
def test_levels_are_counted_one_by_one(days: list[tuple[int, bool]]) -> None:
    """Only of days that count; level 0 is none."""
    level, counted = np.array([day[0] for day in days], np.uint8), [day[1] for day in days]
    expected = [sum(had == number and counts for had, counts in days) for number in range(1, 7)]
    assert level_counts(level, counted, 6).tolist() == expected
    assert level_counts(np.stack([level, level]), np.stack([counted, counted]), 6).tolist() == [expected] * 2


@pytest.mark.parametrize(("aqi", "days"), [(200, 0), (201, 1), (500, 1), (-1, 0)])
def test_heavy_pollution_begins_above_200(aqi: int, days: int) -> None:
    """The limit itself is moderate."""
    assert heavy_pollution_days([aqi], 200) == days


def test_heavy_days_of_many_cities_each_day_by_its_own_edition() -> None:
    """Leading axes, and a limit a day."""
    assert heavy_pollution_days([[210, 210], [190, 260]], [200, 250]).tolist() == [1, 1]
    assert heavy_pollution_days(np.zeros((3, 0)), 200).tolist() == [0, 0, 0]


@given(st.lists(st.integers(-1, 500), max_size=60))
def test_heavy_days_are_told_with_their_levels(aqi: list[int]) -> None:
    """The parts add up to the figure, by both editions."""
    for name in ("hj633_2012", "hj633_2026"):
        told = explain_heavy_pollution_days(np.array(aqi, np.int16), standards.load(name, standards.AirQualityIndex))
        assert told.value == sum(value > 200 for value in aqi)
        assert [part.value for part in told.parts] == [
            sum(200 < value <= 300 for value in aqi),
            sum(value > 300 for value in aqi),
        ]
        assert (told.valid, told.expected) == (sum(value >= 0 for value in aqi), len(aqi))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=40))
def test_levels_are_told_as_they_are_counted(days: list[tuple[int, bool]]) -> None:
    """A part for each level, and days in all that add up to them."""
    level, counted = np.array([day[0] for day in days], np.uint8), np.array([day[1] for day in days], np.bool_)
    told = explain_level_counts(level, counted, standards.load("hj633_2026", standards.AirQualityIndex))
    assert [part.value for part in told.parts] == level_counts(level, counted, 6).tolist()
    assert told.value == told.valid == sum(bool(had) and counts for had, counts in days)
    assert told.expected == len(days)


def test_the_ends_of_the_levels_are_told() -> None:
    """The last one has none; without a day that counts that is said."""
    standard = standards.load("hj633_2012", standards.AirQualityIndex)
    told = explain_level_counts([1, 6], [True, True], standard)
    assert [part.rule.zh for part in told.parts][:: len(told.parts) - 1] == ["AQI为0～50的天数", "AQI大于300的天数"]
    assert explain_level_counts([], [], standard).rule.zh == "时段内无有效天数"
