"""Attainment hour by hour and day by day, and exceedance multiples."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.short_term import exceedance_multiple, limits_by_day, short_term_attainment
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.air_limits import Grade

SCALED = st.one_of(st.integers(0, 65534), st.just(MISSING))


def _days(*days: str) -> np.ndarray:
    return np.array(days, "datetime64[D]")


@pytest.mark.parametrize(
    ("item", "grade", "limits"),
    [
        ("pm25", 2, [75, 75, 60, 60, 50]),
        ("pm25", 1, [35, 35, 35, 35, 25]),
        ("pm10", 2, [150, 150, 120, 120, 100]),
        ("co", 2, [40, 40, 40, 40, 40]),
        ("o3_8h", 1, [100] * 5),
        ("nox", 2, [100, 100, 100, 100, 70]),
    ],
)
def test_each_day_has_the_limit_of_its_own_edition_and_stage(item: str, grade: Grade, limits: list[int]) -> None:
    """Both sides of 2026-03-01 and of 2031-01-01."""
    days = _days("2012-02-29", "2026-02-28", "2026-03-01", "2030-12-31", "2031-01-01")
    assert limits_by_day(item, "day", days, 1 if item == "co" else 0, grade=grade).tolist() == limits
    assert limits_by_day(item, "day", days[::-1], 1 if item == "co" else 0, grade=grade).tolist() == limits[::-1]


def test_days_before_the_first_edition_have_no_limit() -> None:
    """And nothing is judged on them."""
    limits = limits_by_day("no2", "day", _days("2012-02-28", "2012-02-29"), 0, grade=2)
    found = short_term_attainment(np.array([500, 500], np.uint16), limits, 2)
    assert limits.tolist() == [-1, 80]
    assert (found.valid.tolist(), found.attained.tolist()) == ([False, True], [False, False])
    assert found.multiple.tolist() == [-1, 525]


@pytest.mark.parametrize(
    ("value", "attained", "valid", "multiple"),
    [
        (0, True, True, -1),
        (160, True, True, -1),
        (161, False, True, 1),
        (200, False, True, 25),
        (MISSING, False, False, -1),
    ],
)
def test_the_limit_itself_is_attained(value: int, attained: bool, valid: bool, multiple: int) -> None:  # noqa: FBT001
    """161 exceeds 160 by 0.006 times it, which is shown as 0.01."""
    found = short_term_attainment(np.array(value, np.uint16), 160, 2)
    assert (bool(found.attained), bool(found.valid), int(found.multiple)) == (attained, valid, multiple)


@given(SCALED, st.integers(-1, 1000), st.integers(0, 3))
def test_multiples_agree_with_fractions(value: int, limit: int, decimals: int) -> None:
    """(C − S) / S, rounded once to even; none where nothing is exceeded or known."""
    exceeded = value != MISSING and 0 < limit < value
    expected = round(Fraction(value - limit, limit) * 10**decimals) if exceeded else -1
    assert exceedance_multiple(np.array([value], np.uint16), limit, decimals).tolist() == [expected]


def test_a_multiple_that_is_too_small_to_be_shown_is_zero_not_none() -> None:
    """501 exceeds 500 by 0.002."""
    assert exceedance_multiple(np.array([500, 501, 502, 503], np.uint16), 500, 2).tolist() == [-1, 0, 0, 1]


@pytest.mark.parametrize(("name", "on"), [("hj633_2012", date(2020, 1, 1)), ("hj633_2026", date(2026, 3, 1))])
def test_a_day_attains_grade_two_where_its_index_is_at_most_100(name: str, on: date) -> None:
    """Every concentration of every item: HJ 633 and GB 3095 say the same."""
    standard = standards.load(name, standards.AirQualityIndex)
    every = np.arange(MISSING, dtype=np.uint16)
    for item in standard.report("day"):
        limit = limits_by_day(item, "day", _days(str(on)), catalogue.item(item).decimals, grade=2)
        air = evaluate({item: every}, "day", standard)
        iaqi = air.iaqi[air.items.index(item)]
        good = (iaqi >= 0) & (iaqi <= standard.good_up_to)
        assert np.array_equal(short_term_attainment(every, limit[0], 2).attained, good), item


def test_stations_share_the_limits_of_the_days() -> None:
    """Shape (stations, days) with a limit a day; and no days at all."""
    found = short_term_attainment(np.array([[60, 61], [75, 76]], np.uint16), [60, 75], 2)
    assert found.attained.tolist() == [[True, True], [False, False]]
    assert short_term_attainment(np.zeros((2, 0), np.uint16), 60, 2).attained.shape == (2, 0)
    assert limits_by_day("co", "hour", _days(), 1, grade=2).size == 0


def test_an_hour_of_particles_has_no_limit() -> None:
    """GB 3095 sets none."""
    with pytest.raises(LookupError, match="no limit for 'pm10', 'hour'"):
        limits_by_day("pm10", "hour", _days("2026-03-01"), 0, grade=2)
