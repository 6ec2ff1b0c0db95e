"""The daily values of many cities are those that the days of each city are judged by."""

from __future__ import annotations

from datetime import date

import numpy as np

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.day_values import city_day_values
from qingchuan.api.queries.days import days_of_cities
from qingchuan.processing import catalogue
from qingchuan.processing.scaled import MISSING, to_scaled
from qingchuan.store.subjects import City, Name
from tests.api.test_days import fill_day
from tests.api.world import CITY, GOOD_DAY, World

NOVEMBER = Dates(date(2026, 11, 1), date(2026, 11, 25))
CITIES = {"310000": (), CITY: ("1234A", "1235A"), "330100": ("1236A",), "330300": ()}


def filled(world: World) -> World:
    """Cities whose days were sent, derived, both, or are not there; one value is not good, another was corrected."""
    world.announce({code: City(Name(code, code)) for code in CITIES if code != CITY})
    for day in ("2026-11-03", "2026-11-04"):
        for station in ("1234A", "1235A"):
            fill_day(world, station, day, 24)
    fill_day(world, "1236A", "2026-11-04", 19)
    world.day(CITY, "2026-11-04", {"pm25": "77", "o3_8h": "10"})
    world.day(CITY, "2026-11-05", GOOD_DAY, {"pm10": 4})
    world.day("310000", "2026-11-05", GOOD_DAY)
    world.day("310000", "2026-11-05", {"pm25": "61"})
    return world


def test_the_values_are_those_of_the_judged_days(world: World) -> None:
    """Item by item and day by day, before a correction and after it."""
    filled(world)
    for at in (world.sequence - 1, world.sequence):
        found = city_day_values(world.reader, CITIES, NOVEMBER, at)
        judged = days_of_cities(world.reader, CITIES, NOVEMBER, at)
        assert found.cities == tuple(CITIES)
        for city, days in judged.items():
            for place, item in enumerate(days.items):
                values = np.where(days.valid[place], days.values[place], np.nan)
                assert np.array_equal(found.of(city)[item], to_scaled(values, catalogue.item(item).decimals))


def test_dates_and_shapes_are_those_of_the_period(world: World) -> None:
    """A city of which nothing came is missing on each day; a value that is not good does not count."""
    filled(world)
    found = city_day_values(world.reader, CITIES, NOVEMBER, world.sequence)
    assert (str(found.dates[0]), str(found.dates[-1])) == ("2026-11-01", "2026-11-24")
    assert {values.shape for values in found.values.values()} == {(4, 24)}
    assert (found.values["pm25"][3] == MISSING).all()
    assert found.of(CITY)["pm25"][2:5].tolist() == [35, 77, 35]
    assert found.of(CITY)["pm10"][4] == MISSING
    assert found.of("310000")["pm25"][4] == 61
    assert found.of("330100")["pm25"][3] == MISSING


def test_no_cities_and_no_days_are_no_error(world: World) -> None:
    """Both give empty arrays."""
    assert city_day_values(world.reader, {}, NOVEMBER, world.sequence).values["pm25"].shape == (0, 24)
    none = Dates(NOVEMBER.start, NOVEMBER.start)
    assert city_day_values(world.reader, CITIES, none, world.sequence).values["pm25"].shape == (4, 0)
