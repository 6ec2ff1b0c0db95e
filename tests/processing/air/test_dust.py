"""Hours of dust: particles are left out, gases stay, and the rule of validity does the rest."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.averaging import daily_mean
from qingchuan.processing.air.dust import without_dust
from qingchuan.processing.air.rates import assessed_good_air_rate, good_air_rate
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import DustRules

DUST = standards.load("hb2016_120", DustRules)
RULES = standards.in_force("hj663", date(2025, 1, 1))
INDEX = standards.in_force("hj633", date(2025, 1, 1))
ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3")


@given(stn.arrays(np.uint16, (6, 5, 3)), stn.arrays(np.bool_, (5, 3)))
def test_particles_of_affected_hours_are_missing_and_nothing_else_changes(cube: Scaled, affected: np.ndarray) -> None:
    """Cell by cell; the input stays as it was."""
    before, hours = cube.copy(), dict(zip(ITEMS, cube, strict=True))
    left = without_dust(hours, affected, DUST)
    for item, values in hours.items():
        expected = values.copy()
        if item in {"pm10", "pm25"}:
            expected[affected] = MISSING
        assert np.array_equal(left[item], expected)
        assert left[item].dtype == np.uint16
    assert np.array_equal(cube, before)


def test_hours_may_be_declared_for_all_stations_at_once() -> None:
    """Shape (hours, 1)."""
    left = without_dust({"pm10": np.full((3, 2), 9, np.uint16)}, [[True], [False], [True]], DUST)
    assert left["pm10"].tolist() == [[MISSING, MISSING], [9, 9], [MISSING, MISSING]]


def test_hours_that_do_not_fit_are_refused() -> None:
    """A declaration for more stations than there are would make up stations."""
    with pytest.raises(ValueError, match=r"the hours declared have the shape \(3, 2\); pm10 has \(3, 1\), it must fit"):
        without_dust({"pm10": np.zeros((3, 1), np.uint16)}, np.zeros((3, 2), np.bool_), DUST)


@pytest.mark.parametrize(("hours", "mean"), [(0, 125), (4, 50), (5, MISSING)])
def test_a_day_with_too_few_hours_left_has_no_mean(hours: int, mean: int) -> None:
    """Twenty hours are enough; nineteen make the day incomplete, not good."""
    values = np.full((24, 1), 50, np.uint16)
    values[:4] = 500
    affected = np.zeros((24, 1), np.bool_)
    affected[:hours] = True
    assert daily_mean(without_dust({"pm10": values}, affected, DUST)["pm10"], RULES).tolist() == [[mean]]


def test_means_index_and_rates_follow_from_what_is_left() -> None:
    """Two days with four hours of dust, one more with ten: two bad days are deducted, and one is bad all the same."""
    hours = {item: np.full((72, 1), 10, np.uint16) for item in ("so2", "no2", "co", "pm25", "pm10")}
    hours["pm10"][[*range(4), *range(48, 58)]] = 900
    hours["pm10"][24:48] = 160
    affected = np.zeros((72, 1), np.bool_)
    affected[[*range(4), *range(24, 28), *range(48, 58)]] = True
    ozone = np.full((3, 1), 60, np.uint16)
    both = []
    for told in (hours, without_dust(hours, affected, DUST)):
        days = {item: daily_mean(values, RULES) for item, values in told.items()} | {"o3_8h": ozone}
        both.append(evaluate(days, "day", INDEX))
    published, left = both
    assert (published.aqi[:, 0] > 100).tolist() == [True, True, True]
    assert (left.aqi[:, 0] > 100).tolist() == [False, True, False]
    assert left.complete[:, 0].tolist() == [True, True, False]
    rates = [
        good_air_rate(published.aqi[:, 0], published.complete[:, 0], 100, 1),
        assessed_good_air_rate(published.aqi[:, 0], published.complete[:, 0], left.aqi[:, 0], 100, 1),
    ]
    assert [(int(rate.good), int(rate.valid)) for rate in rates] == [(0, 3), (0, 1)]
