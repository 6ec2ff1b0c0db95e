"""The good-air rate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.rates import GoodAirRate, counted_days, good_air_rate

GOOD_UP_TO = 100
DECIMALS = standards.load("hj663_2013", standards.AirAssessment).decimals.rate
DAYS = st.lists(st.tuples(st.integers(-1, 500), st.booleans()), max_size=400)


@pytest.mark.parametrize(("aqi", "good"), [(1, 1), (100, 1), (101, 0), (500, 0)])
def test_a_day_is_good_up_to_an_aqi_of_100(aqi: int, good: int) -> None:
    """The limit itself is good."""
    assert good_air_rate([aqi], [True], GOOD_UP_TO, DECIMALS) == GoodAirRate(good, 1, 1, 100.0 * good)


@pytest.mark.parametrize(("aqi", "valid"), [(-1, 0), (60, 0), (100, 0), (101, 1)])
def test_an_incomplete_day_counts_only_when_it_was_bad_already(aqi: int, valid: int) -> None:
    """Whatever the missing item was, an AQI above 100 is above 100."""
    assert good_air_rate([aqi], [False], GOOD_UP_TO, DECIMALS).valid == valid
    assert counted_days([aqi], [False], GOOD_UP_TO).tolist() == [bool(valid)]


@pytest.mark.parametrize(
    ("good", "valid", "rate"),
    [(33, 38, 86.8), (1, 16, 6.2), (3, 16, 18.8), (297, 366, 81.1), (1, 3, 33.3), (2, 3, 66.7), (365, 365, 100.0)],
)
def test_the_rate_has_one_decimal_half_to_even(good: int, valid: int, rate: float) -> None:
    """6.25 % is shown as 6.2, 18.75 % as 18.8."""
    aqi = [50] * good + [150] * (valid - good)
    assert good_air_rate(aqi, [True] * valid, GOOD_UP_TO, DECIMALS).rate == rate


@given(DAYS)
def test_the_rate_is_that_of_fractions(days: list[tuple[int, bool]]) -> None:
    """Counted one by one, rounded by Python's fractions."""
    counted = [aqi for aqi, complete in days if aqi >= 0 and (complete or aqi > 100)]
    good = sum(aqi <= 100 for aqi in counted)
    rate = float(round(Fraction(1000 * good, len(counted)))) / 10 if counted else None
    aqi = np.array([aqi for aqi, _ in days], np.int16)
    found = good_air_rate(aqi, [complete for _, complete in days], GOOD_UP_TO, DECIMALS)
    assert found == GoodAirRate(good, len(counted), len(days), rate)


def test_a_period_without_valid_days_has_no_rate() -> None:
    """Never a rate of zero, never a division by it."""
    assert good_air_rate([], [], GOOD_UP_TO, DECIMALS) == GoodAirRate(0, 0, 0, None)
    assert good_air_rate([-1, -1], [False, True], GOOD_UP_TO, DECIMALS) == GoodAirRate(0, 0, 2, None)


@pytest.mark.parametrize("name", ["hj633_2012", "hj633_2026"])
def test_a_good_day_ends_where_level_2_ends_in_every_edition(name: str) -> None:
    """优 and 良 are the good levels."""
    standard = standards.load(name, standards.AirQualityIndex)
    assert standard.good_up_to == standard.levels[1].most == GOOD_UP_TO


@pytest.mark.parametrize(("decimals", "rate"), [(0, 67.0), (1, 66.7), (2, 66.67)])
def test_the_rate_has_the_decimals_that_are_asked_for(decimals: int, rate: float) -> None:
    """Those of HJ 663 are given by the caller; 达标率 has one by the edition of 2013."""
    assert good_air_rate([50, 50, 150], [True] * 3, GOOD_UP_TO, decimals).rate == rate
    assert DECIMALS == 1


def test_each_day_is_good_by_the_limit_of_its_own_edition() -> None:
    """The limit may be one for all days, or one a day."""
    assert good_air_rate([90, 90], [True, True], [100, 80], DECIMALS) == GoodAirRate(1, 2, 2, 50.0)
    assert counted_days([90, 90], [False, False], [100, 80]).tolist() == [False, True]
