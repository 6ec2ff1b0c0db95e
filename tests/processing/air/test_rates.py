"""Rates of days by their names: which days count in each, and how they are rounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.rates import (
    AttainmentRate,
    GoodAirRate,
    assessed_good_air_rate,
    attainment_rate,
    comprehensive_attainment_rate,
    counted_days,
    dust_days,
    good_air_rate,
)

GOOD_UP_TO = 100
DECIMALS = standards.load("hj663_2013", standards.AirAssessment).decimals.rate
DAYS = st.lists(st.tuples(st.integers(-1, 500), st.booleans()), max_size=400)


def _rate(part: int, whole: int) -> int:
    """Tenths of a per cent, rounded by Python's fractions."""
    return round(Fraction(1000 * part, whole)) if whole else -1


def _told(found: GoodAirRate | AttainmentRate) -> tuple[int, int, int, int]:
    """Good or attained days, valid ones, days of the period, tenths of a per cent."""
    part = found.good if isinstance(found, GoodAirRate) else found.attained
    return int(part), int(found.valid), found.days, int(found.rate)


@pytest.mark.parametrize(("aqi", "good"), [(1, 1), (100, 1), (101, 0), (500, 0)])
def test_a_day_is_good_up_to_an_aqi_of_100(aqi: int, good: int) -> None:
    """The limit itself is good."""
    found = good_air_rate([aqi], [True], GOOD_UP_TO, DECIMALS)
    assert _told(found) == (good, 1, 1, 1000 * good)


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
    assert good_air_rate(aqi, [True] * valid, GOOD_UP_TO, DECIMALS).percent == rate


@given(DAYS)
def test_the_rate_is_that_of_fractions(days: list[tuple[int, bool]]) -> None:
    """Counted one by one, rounded by Python's fractions."""
    counted = [aqi for aqi, complete in days if aqi >= 0 and (complete or aqi > 100)]
    good = sum(aqi <= 100 for aqi in counted)
    aqi = np.array([aqi for aqi, _ in days], np.int16)
    found = good_air_rate(aqi, [complete for _, complete in days], GOOD_UP_TO, DECIMALS)
    assert _told(found) == (good, len(counted), len(days), _rate(good, len(counted)))


def test_a_period_without_valid_days_has_no_rate() -> None:
    """Never a rate of zero, never a division by it."""
    for aqi, complete in (([], []), ([-1, -1], [False, True])):
        found = good_air_rate(aqi, complete, GOOD_UP_TO, DECIMALS)
        assert _told(found) == (0, 0, len(aqi), -1)
        assert np.isnan(found.percent)


@pytest.mark.parametrize("name", ["hj633_2012", "hj633_2026"])
def test_a_good_day_ends_where_level_2_ends_in_every_edition(name: str) -> None:
    """优 and 良 are the good levels."""
    standard = standards.load(name, standards.AirQualityIndex)
    assert standard.good_up_to == standard.levels[1].most == GOOD_UP_TO


@pytest.mark.parametrize(("decimals", "rate"), [(0, 67.0), (1, 66.7), (2, 66.67)])
def test_the_rate_has_the_decimals_that_are_asked_for(decimals: int, rate: float) -> None:
    """Those of HJ 663 are given by the caller; 达标率 has one by the edition of 2013."""
    assert good_air_rate([50, 50, 150], [True] * 3, GOOD_UP_TO, decimals).percent == rate
    assert DECIMALS == 1


def test_each_day_is_good_by_the_limit_of_its_own_edition() -> None:
    """The limit may be one for all days, or one a day."""
    found = good_air_rate([90, 90], [True, True], [100, 80], DECIMALS)
    assert _told(found) == (1, 2, 2, 500)
    assert counted_days([90, 90], [False, False], [100, 80]).tolist() == [False, True]


@given(st.lists(st.tuples(st.integers(-1, 200), st.integers(-1, 200), st.booleans()), min_size=1, max_size=60))
def test_rates_of_many_cities_are_those_of_each(days: list[tuple[int, int, bool]]) -> None:
    """Leading axes change nothing."""
    aqi, without, complete = (np.array(column) for column in zip(*days, strict=True))
    aqi, without, complete = (np.stack([array, array[::-1]]) for array in (aqi, without, complete))
    both = assessed_good_air_rate(aqi, complete, without, GOOD_UP_TO, DECIMALS)
    published = good_air_rate(aqi, complete, GOOD_UP_TO, DECIMALS)
    for city in range(2):
        alone = assessed_good_air_rate(aqi[city], complete[city], without[city], GOOD_UP_TO, DECIMALS)
        assert (both.good[city], both.valid[city], both.rate[city]) == (alone.good, alone.valid, alone.rate)
    left = both.valid > 0
    assert (both.rate[left] >= published.rate[left]).all()
    assert np.array_equal(both.good, published.good)


@pytest.mark.parametrize(
    ("with_dust", "without", "deducted"),
    [(101, 100, True), (101, 101, False), (100, 80, False), (500, -1, True), (-1, -1, False), (-1, 50, False)],
)
def test_dust_made_a_day_bad_where_it_exceeds_with_dust_and_not_without(
    with_dust: int,
    without: int,
    deducted: bool,  # noqa: FBT001
) -> None:
    """Both sides of each; a day without an AQI of its own was never counted."""
    assert dust_days([with_dust], [without], GOOD_UP_TO).tolist() == [deducted]


def test_a_day_of_dust_leaves_the_days_that_count_and_nothing_else() -> None:
    """Four days, one of dust: 2 of 3 instead of 2 of 4; without dust nothing changes."""
    aqi, without = [40, 90, 210, 130], [40, 90, 85, 130]
    assert good_air_rate(aqi, [True] * 4, GOOD_UP_TO, DECIMALS).percent == 50.0
    found = assessed_good_air_rate(aqi, [True] * 4, without, GOOD_UP_TO, DECIMALS)
    assert _told(found) == (2, 3, 4, 667)
    same = assessed_good_air_rate(aqi, [True] * 4, aqi, GOOD_UP_TO, DECIMALS)
    assert _told(same) == _told(good_air_rate(aqi, [True] * 4, GOOD_UP_TO, DECIMALS))


def test_where_all_days_are_deducted_there_is_no_rate() -> None:
    """A month of dust."""
    assert assessed_good_air_rate([300] * 3, [True] * 3, [50] * 3, GOOD_UP_TO, DECIMALS).rate == -1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=50))
def test_the_attainment_rate_of_an_item_is_of_its_valid_days(days: list[tuple[bool, bool]]) -> None:
    """A day that is not valid does not count, whatever stands there."""
    attained, valid = [day[0] for day in days], [day[1] for day in days]
    found = attainment_rate(attained, valid, DECIMALS)
    good = sum(first and second for first, second in days)
    assert _told(found) == (good, sum(valid), len(days), _rate(good, sum(valid)))


@given(st.lists(st.lists(st.sampled_from("+-?"), min_size=3, max_size=3), max_size=40))
def test_the_comprehensive_rate_is_the_rule_read_aloud(days: list[list[str]]) -> None:
    """A day is attained when all items are; one with a missing item is not; one with nothing is no day."""
    grid = np.array(days, dtype="U1").reshape(len(days), 3).T
    found = comprehensive_attainment_rate(grid == "+", grid != "?", DECIMALS)
    monitored = [day for day in days if set(day) != {"?"}]
    attained = sum(set(day) == {"+"} for day in monitored)
    assert _told(found) == (attained, len(monitored), len(days), _rate(attained, len(monitored)))


def test_the_three_rates_differ_over_an_incomplete_day() -> None:
    """Three good days, one of them incomplete: 2 of 2 published, 2 of 3 by HJ 663, 3 of 3 of the item there."""
    aqi, complete = [40, 50, 60], [True, True, False]
    valid = np.array([[True, True, True], [True, True, False]])
    assert good_air_rate(aqi, complete, GOOD_UP_TO, DECIMALS).percent == 100.0
    assert comprehensive_attainment_rate(valid, valid, DECIMALS).percent == 66.7
    assert attainment_rate(valid[0], valid[0], DECIMALS).percent == 100.0


def test_inputs_stay_as_they_were() -> None:
    """Nothing is changed in place."""
    aqi, complete = np.array([40, -1, 130]), np.array([True, False, False])
    assessed_good_air_rate(aqi, complete, aqi - 60, GOOD_UP_TO, DECIMALS)
    comprehensive_attainment_rate(complete[np.newaxis], complete[np.newaxis], DECIMALS)
    assert (aqi.tolist(), complete.tolist()) == ([40, -1, 130], [True, False, False])


def test_one_value_without_an_axis_is_a_period_of_one_day() -> None:
    """Of every rate that has no axis of items."""
    good = good_air_rate(100, True, 100, 1)  # noqa: FBT003 - a day that is complete
    assert (int(good.good), int(good.valid), good.days, int(good.rate)) == (1, 1, 1, 1000)
    assessed = assessed_good_air_rate(101, True, 100, 100, 1)  # noqa: FBT003 - a day that is complete
    assert (int(assessed.valid), assessed.days, int(assessed.rate)) == (0, 1, -1)
    attained = attainment_rate(False, True, 1)  # noqa: FBT003 - a day that is valid and not attained
    assert (int(attained.attained), int(attained.valid), attained.days, int(attained.rate)) == (0, 1, 1, 0)
