"""Attainment of an item in a year: both sides of mean and percentile, apart and together."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.attainment import ItemAttainment, period_attainment
from qingchuan.processing.air.statistics import period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod, quarter_of, year_of
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards.air_limits import Grade

RULES = standards.load("hj663_2013", standards.AirAssessment)
LIMITS = standards.load("gb3095_2012", standards.AmbientAirLimits)
NEW = standards.load("gb3095_2026", standards.AmbientAirLimits)
YEAR = year_of(date(2025, 1, 1))


def _judged(
    item: str,
    days: Scaled,
    *,
    grade: Grade = 2,
    limits: standards.AmbientAirLimits = LIMITS,
    period: CalendarPeriod = YEAR,
    on: date = YEAR.last,
) -> ItemAttainment:
    found = period_statistics({item: days}, period.dates, period, RULES)[item]
    return period_attainment(found, limits, RULES, grade=grade, on=on)


def _year(low: int, high: int, days: int) -> Scaled:
    """A year that is low but for some days."""
    return np.array([high] * days + [low] * (365 - days), np.uint16)


@pytest.mark.parametrize(
    ("days", "attained", "mean", "percentile"),
    [
        (_year(35, 35, 0), True, -1, -1),
        (_year(36, 36, 0), False, 3, -1),
        (_year(20, 75, 30), True, -1, -1),
        (_year(20, 76, 30), False, -1, 1),
        (_year(30, 110, 30), False, 6, 47),
        (_year(20, 500, 18), False, 26, -1),
    ],
)
def test_a_year_is_attained_by_its_mean_and_its_percentile(
    days: Scaled,
    attained: bool,  # noqa: FBT001
    mean: int,
    percentile: int,
) -> None:
    """PM2.5 of 2012: 35 for the year, 75 for the 95th percentile; each multiple by itself."""
    found = _judged("pm25", days)
    assert (found.mean_limit, found.percentile_limit) == (35, 75)
    assert (bool(found.attained), int(found.mean_multiple), int(found.percentile_multiple)) == (
        attained,
        mean,
        percentile,
    )
    assert int(found.multiple) == max(mean, percentile)


@pytest.mark.parametrize(("item", "limit"), [("co", 40), ("o3_8h", 160)])
def test_carbon_monoxide_and_ozone_are_judged_by_their_percentile_only(item: str, limit: int) -> None:
    """No annual mean of them has a limit."""
    found = _judged(item, _year(limit, limit, 0))
    assert (found.mean_limit, found.percentile_limit, bool(found.attained)) == (None, limit, True)
    above = _judged(item, _year(limit + 1, limit + 1, 0))
    assert (bool(above.attained), int(above.mean_multiple)) == (False, -1)
    assert int(above.percentile_multiple) == round(Fraction(100, limit))


def test_lead_is_judged_by_the_limit_of_the_quarter_in_a_quarter() -> None:
    """1 µg/m³ for a quarter, 0.5 for a year; no percentile."""
    quarter = quarter_of(date(2025, 1, 1))
    days = np.full(90, 80, np.uint16)
    found = _judged("pb", days, period=quarter)
    assert (found.mean_limit, found.percentile_limit, bool(found.attained)) == (100, None, True)
    of_year = _judged("pb", np.full(365, 80, np.uint16))
    assert (of_year.mean_limit, bool(of_year.attained), int(of_year.mean_multiple)) == (50, False, 60)


def test_a_statistic_that_is_not_valid_is_not_judged() -> None:
    """Neither attained nor exceeded."""
    days = _year(500, 500, 0)
    days[:50] = MISSING
    found = _judged("pm25", days)
    assert (bool(found.valid), bool(found.attained), int(found.multiple)) == (False, False, -1)


@pytest.mark.parametrize(("grade", "attained"), [(1, False), (2, True)])
def test_the_grade_is_an_argument(grade: Grade, attained: bool) -> None:  # noqa: FBT001
    """A class-1 area asks for more."""
    assert bool(_judged("pm25", _year(20, 20, 0), grade=grade).attained) == attained


@pytest.mark.parametrize(("on", "attained"), [(date(2030, 12, 31), True), (date(2031, 1, 1), False)])
def test_the_stage_is_that_of_the_day_given(on: date, attained: bool) -> None:  # noqa: FBT001
    """28 µg/m³ attains the transition, and not what follows it."""
    assert bool(_judged("pm25", _year(28, 28, 0), limits=NEW, on=on).attained) == attained


def test_many_places_are_judged_at_once() -> None:
    """Leading axes."""
    days = np.stack([_year(35, 35, 0), _year(36, 36, 0)])[np.newaxis]
    found = _judged("pm25", days)
    assert found.attained.tolist() == [[True, False]]
    assert found.mean_multiple.shape == found.percentile_multiple.shape == found.multiple.shape == (1, 2)


def test_statistics_of_more_decimals_are_refused() -> None:
    """35.4 is 35 when it is judged."""
    more = period_statistics({"pm25": _year(35, 49, 9)}, YEAR.dates, YEAR, RULES, decimals=1)["pm25"]
    with pytest.raises(ValueError, match=r"'pm25' have 1 decimals more than the official ones; 0 would do \(HJ 663"):
        period_attainment(more, LIMITS, RULES, grade=2, on=YEAR.last)
    assert int(more.mean) == 353
    assert _judged("pm25", _year(35, 49, 9)).attained
