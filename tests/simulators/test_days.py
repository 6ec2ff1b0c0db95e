"""Daily results of the city: what the figures of a real coastal city look like."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air import aqi, averaging, rates
from qingchuan.processing.air.item_masks import mask_by_item
from qingchuan.processing.periods import day_start
from qingchuan.processing.scaled import MISSING
from qingchuan.simulators.days import ITEMS, CityDays, city_days, number_texts, station_hours
from qingchuan.simulators.faults import Faults
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation

YEARS = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]
SEEDS = (2, 3, 5, 7, 9)
HJ633 = standards.load("hj633_2026", standards.AirQualityIndex)


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> CityDays:
    """The year 2025 by one of some seeds."""
    return city_days(Simulation(ningbo(), seed=request.param), YEARS[1], YEARS[2])


def quality(year: CityDays) -> aqi.AirQuality:
    """Daily AQI by HJ 633-2026."""
    return aqi.evaluate(dict(zip(ITEMS, year.values, strict=True)), "day", HJ633)


def values(year: CityDays, item: str) -> np.ndarray:
    """Valid daily values of an item."""
    column = year.values[ITEMS.index(item)]
    valid: np.ndarray = column[column != MISSING]
    return valid


def test_the_good_air_rate_is_that_of_a_coastal_city(year: CityDays) -> None:
    """85 to 97 % of the days."""
    judged = quality(year)
    rate = rates.good_air_rate(judged.aqi, judged.complete, HJ633.good_up_to, 1).percent
    assert 85 <= rate <= 97


def test_polluted_days_are_mostly_lightly_polluted(year: CityDays) -> None:
    """Level Ⅲ on a handful to some forty days, Ⅳ on few, Ⅴ on two at the most."""
    level = quality(year).level
    assert 5 <= np.sum(level == 3) <= 45
    assert np.sum(level == 4) <= 6
    assert np.sum(level >= 5) <= 2


def test_pm25_and_ozone_of_a_year_are_realistic(year: CityDays) -> None:
    """Mean of PM2.5 20-28 µg/m³, 90th percentile of O3 130-165 µg/m³."""
    assert 20 <= values(year, "pm25").mean() <= 28
    assert 130 <= np.percentile(values(year, "o3_8h"), 90) <= 165
    assert 20 <= values(year, "no2").mean() <= 36
    assert 30 <= values(year, "pm10").mean() <= 50


def test_ozone_and_pm25_are_the_primary_pollutants(year: CityDays) -> None:
    """Of the days above 100 most are ozone's or PM2.5's."""
    judged = quality(year)
    polluted = judged.aqi > 100
    by_item = dict(zip(judged.items, mask_by_item(judged.primary[polluted], judged.items).sum(axis=1), strict=True))
    assert by_item["o3_8h"] + by_item["pm25"] > 0.7 * polluted.sum()


def test_the_default_seed_holds_the_narrower_bounds() -> None:
    """What a demo shows: 85-95 % good days, PM2.5 of 22-28 µg/m³, and O3 of 140-165 µg/m³."""
    shown = city_days(Simulation(ningbo()), YEARS[0], YEARS[2])
    judged = quality(shown)
    rate = rates.good_air_rate(judged.aqi, judged.complete, HJ633.good_up_to, 1).percent
    assert 85 <= rate <= 95
    assert 22 <= values(shown, "pm25").mean() <= 28
    assert 140 <= np.percentile(values(shown, "o3_8h"), 90) <= 165


def test_days_do_not_depend_on_the_span_that_is_asked_for() -> None:
    """A day is the same in a month and in a week, over the change of edition too."""
    simulation = Simulation(ningbo())
    month = city_days(simulation, date(2026, 2, 15), date(2026, 3, 15))
    week = city_days(simulation, date(2026, 2, 26), date(2026, 3, 5))
    assert np.array_equal(month.values[:, 11:18], week.values)
    assert month.days[11:18] == week.days


def test_days_come_from_the_hours_that_are_sent() -> None:
    """Mean of the stations' daily means, each rounded, by the rules of HJ 663."""
    simulation = Simulation(ningbo())
    day, rules = date(2025, 7, 3), standards.in_force("hj663", date(2025, 7, 3))
    hours = station_hours(simulation, day_start(day), day_start(date(2025, 7, 4)))
    assert hours.shape == (6, 24, 8)
    expected = averaging.area_mean(averaging.daily_mean(hours[:5], rules), rules)
    assert np.array_equal(city_days(simulation, day, date(2025, 7, 4)).values[:5], expected)


def test_a_day_that_most_stations_missed_has_no_result() -> None:
    """Missing is missing, and such an item is not written."""
    gone = Simulation(ningbo(), faults=Faults(missing=60.0, flagged=1.0))
    days = city_days(gone, date(2025, 7, 3), date(2025, 7, 4))
    assert np.all(days.values == MISSING)
    assert number_texts(days.values[:, 0]) == {}


def test_no_days_are_no_days() -> None:
    """An empty span gives an empty result."""
    none = city_days(Simulation(ningbo()), date(2026, 1, 1), date(2026, 1, 1))
    assert none.days == ()
    assert none.values.shape == (6, 0)
