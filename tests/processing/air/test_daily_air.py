"""The daily air quality across a change of the standard."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex
from qingchuan.processing.standards.by_day import editions_of

ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3_8h")
DATES = np.array(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02", "2012-01-01"], "datetime64[D]")


def test_each_day_is_judged_by_its_own_edition() -> None:
    """Of two cities: February by the edition of 2012, March by that of 2026, and nothing where there is none."""
    generator = np.random.default_rng(4)
    days = {item: generator.integers(0, 200, (2, 5), dtype=np.uint16) for item in ITEMS}
    days["co"][1, 2] = MISSING
    found = daily_air(days, editions_of(DATES, "hj633"))
    for name, judged in (("hj633_2012", [0, 1]), ("hj633_2026", [2, 3])):
        air = evaluate({item: days[item][:, judged] for item in ITEMS}, "day", standards.load(name, AirQualityIndex))
        assert np.array_equal(found.aqi[:, judged], air.aqi)
        assert np.array_equal(found.complete[:, judged], air.complete)
        for place, item in enumerate(air.items):
            assert np.array_equal(found.iaqi[item][:, judged], air.iaqi[place])
    assert found.aqi[:, 4].tolist() == [-1, -1]
    assert found.good_up_to.tolist() == [100, 100, 100, 100, -1]
    assert not found.complete[1, 2]


def test_an_item_that_is_left_out_is_missing() -> None:
    """The day is then not complete, and there is no index of the item."""
    found = daily_air({"pm25": np.array([75], np.uint16)}, editions_of(DATES[:1], "hj633"))
    assert (found.aqi.tolist(), found.complete.tolist(), list(found.iaqi)) == ([100], [False], ["pm25"])


def test_no_day_gives_nothing() -> None:
    """An empty period."""
    found = daily_air({"pm25": np.zeros((3, 0), np.uint16)}, editions_of(DATES[:0], "hj633"))
    assert found.aqi.shape == found.complete.shape == (3, 0)


def test_an_item_of_the_hour_is_refused() -> None:
    """One-hour ozone does not judge a day."""
    with pytest.raises(ValueError, match="the day has the item 'o3'"):
        daily_air({"o3": np.array([75], np.uint16)}, editions_of(DATES[:1], "hj633"))


def test_without_an_item_no_day_has_an_index() -> None:
    """A day of which nothing is known is a day all the same; a value without an axis is that of every day."""
    editions = editions_of(np.array(["2026-02-28", "2026-03-01"], "datetime64[D]"), "hj633")
    nothing = daily_air({}, editions)
    assert (nothing.iaqi, nothing.aqi.tolist(), nothing.complete.tolist()) == ({}, [-1, -1], [False, False])
    assert daily_air({"pm25": np.array(75, np.uint16)}, editions).aqi.tolist() == [100, 114]
