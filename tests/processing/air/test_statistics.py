"""Statistics of a period: exact means, valid days, and both sides of every minimum."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.statistics import enough_days, monthly_means, period_mean, period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod, half_year_of, month_of, quarter_of, span, year_of
from qingchuan.processing.calendar_periods import year_to_date as to_date
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

RULES = standards.load("hj663_2013", standards.AirAssessment)
VALUES = st.one_of(st.integers(0, 400), st.just(MISSING))
YEAR, LEAP = year_of(date(2025, 1, 1)), year_of(date(2024, 1, 1))


def _days(period: CalendarPeriod, *gone: str) -> Scaled:
    """A value on every day of a period, but on those that are gone."""
    values = np.full(period.days, 50, np.uint16)
    values[np.isin(period.dates, np.array(gone, "datetime64[D]"))] = MISSING
    return values


def _valid(period: CalendarPeriod, *gone: str, item: str = "pm25") -> bool:
    return bool(period_statistics({item: _days(period, *gone)}, period.dates, period, RULES)[item].valid)


def _first(month: str, days: int) -> list[str]:
    return [f"{month}-{day:02d}" for day in range(1, days + 1)]


@pytest.mark.parametrize(
    ("days", "decimals", "mean"),
    [
        ([30, 31], 0, 30),
        ([31, 32], 0, 32),
        ([30, 31, 31], 0, 31),
        ([30, 31], 1, 305),
        ([30, 30, 31], 1, 303),
        ([29, MISSING, 30], 2, 2950),
        ([MISSING, MISSING], 0, MISSING),
        ([], 0, MISSING),
        ([0, 0], 1, 0),
        ([65534, 65534], 0, 65534),
        ([65534, 65534], 1, LARGEST),
    ],
)
def test_a_mean_is_rounded_once_to_even_from_the_exact_sum(days: list[int], decimals: int, mean: int) -> None:
    """30.5 goes to 30, 31.5 to 32; one more decimal shows 30.5; nothing valid has no mean."""
    assert period_mean(np.array(days, np.uint16), decimals=decimals) == mean


@given(
    stn.arrays(np.uint16, stn.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=6), elements=VALUES),
    st.integers(0, 2),
)
def test_means_agree_with_fractions(days: Scaled, decimals: int) -> None:
    """Of any shape, and of arrays that lie in memory otherwise; the input stays as it was."""
    before, found = days.copy(), period_mean(days, decimals=decimals)
    assert found.shape == days.shape[:-1]
    for place in np.ndindex(found.shape):
        valid = [int(value) for value in days[place] if value != MISSING]
        expected = round(Fraction(sum(valid), len(valid)) * 10**decimals) if valid else MISSING
        assert found[place] == expected
    assert np.array_equal(days, before)
    assert np.array_equal(period_mean(np.asfortranarray(days), decimals=decimals), found)


def test_months_have_the_means_of_their_days() -> None:
    """In any order of the days; a month without a valid day has none."""
    dates = np.array(["2026-02-01", "2026-01-31", "2026-03-01", "2026-01-01"], "datetime64[D]")
    found = monthly_means(np.array([[7, 30, MISSING, 31], [MISSING, 1, 2, 2]], np.uint16), dates)
    assert found.months.astype(str).tolist() == ["2026-01", "2026-02", "2026-03"]
    assert found.mean.tolist() == [[30, 7, MISSING], [2, MISSING, 2]]
    assert found.counts.tolist() == [[2, 1, 0], [2, 0, 1]]


@given(stn.arrays(np.uint16, (2, 70), elements=VALUES))
def test_a_monthly_mean_is_the_mean_of_the_month_as_a_period(days: Scaled) -> None:
    """The same figure by two ways."""
    dates = span(date(2026, 1, 20), date(2026, 3, 31)).dates
    found = monthly_means(days, dates)
    for place, month in enumerate(found.months.tolist()):
        statistics = period_statistics({"so2": days}, dates, month_of(month), RULES)["so2"]
        assert np.array_equal(statistics.mean, found.mean[:, place])
        assert np.array_equal(statistics.count, found.counts[:, place])


@pytest.mark.parametrize(
    ("gone", "valid"),
    [
        ([], True),
        (_first("2025-01", 4), True),
        (_first("2025-01", 5), False),
        (_first("2025-02", 3), True),
        (_first("2025-02", 4), False),
        (_first("2025-04", 3), True),
        (_first("2025-04", 4), False),
    ],
)
def test_a_year_needs_27_days_a_month_and_25_in_february(gone: list[str], valid: bool) -> None:  # noqa: FBT001
    """Both sides for months of 31, 30 and 28 days."""
    assert _valid(YEAR, *gone) == valid


@pytest.mark.parametrize(("gone", "valid"), [(4, True), (5, False)])
def test_a_leap_february_needs_25_days_too(gone: int, valid: bool) -> None:  # noqa: FBT001
    """25 of 29."""
    assert _valid(LEAP, *_first("2024-02", gone)) == valid


@pytest.mark.parametrize(
    ("year", "gone", "valid"), [(2025, 41, True), (2025, 42, False), (2024, 42, True), (2024, 43, False)]
)
def test_a_year_needs_324_days(year: int, gone: int, valid: bool) -> None:  # noqa: FBT001
    """Gaps spread over the months, so that each of them has enough."""
    most = {month: 4 if month in {1, 3, 5, 7, 8, 10, 12} else 3 for month in range(1, 13)}
    if year == 2024:
        most[2] = 4
    spread = [f"{year}-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, most[month] + 1)]
    assert len(spread) >= gone
    assert _valid(year_of(date(year, 1, 1)), *spread[:gone]) == valid


@pytest.mark.parametrize(
    "period",
    [
        month_of(date(2025, 2, 1)),
        quarter_of(date(2025, 2, 1)),
        half_year_of(date(2025, 2, 1)),
        to_date(date(2025, 8, 31)),
        span(date(2025, 1, 15), date(2025, 2, 15)),
    ],
)
def test_periods_without_a_rule_are_valid_with_any_day(period: CalendarPeriod) -> None:
    """The text asks for no number; the counts stand beside the value, and nothing valid is not valid."""
    only = np.full(period.days, MISSING, np.uint16)
    days = np.stack([only, only])
    days[1, 3] = 20
    found = period_statistics({"pm25": days}, period.dates, period, RULES)["pm25"]
    assert found.valid.tolist() == [False, True]
    assert found.count.tolist() == [0, 1]
    assert found.month_counts.sum(axis=-1).tolist() == [0, 1]


@pytest.mark.parametrize(("first", "days", "valid"), [(5, 15, True), (4, 16, False), (5, 14, False)])
def test_a_quarter_of_lead_needs_15_days_and_5_a_month(first: int, days: int, valid: bool) -> None:  # noqa: FBT001
    """Lead is sampled now and then."""
    period = quarter_of(date(2025, 1, 1))
    values = np.full(period.days, MISSING, np.uint16)
    values[:first] = 30
    values[31 : 31 + 5] = 30
    values[59 : 59 + days - first - 5] = 30
    assert bool(period_statistics({"pb": values}, period.dates, period, RULES)["pb"].valid) == valid


def test_tsp_needs_60_days_and_5_a_month() -> None:
    """Five days of each month are enough, one day less is not."""
    values = np.where([day.day in {3, 9, 15, 21, 27} for day in YEAR.dates.tolist()], 100, MISSING).astype(np.uint16)
    found = period_statistics({"tsp": values}, YEAR.dates, YEAR, RULES)["tsp"]
    assert (int(found.count), bool(found.valid)) == (60, True)
    values[2] = MISSING
    assert not period_statistics({"tsp": values}, YEAR.dates, YEAR, RULES)["tsp"].valid


def test_only_days_of_the_period_count_and_lacking_days_are_not_valid() -> None:
    """Days before and after are left out; a year told by ten days is not valid."""
    dates = span(date(2024, 12, 27), date(2025, 1, 11)).dates
    found = period_statistics({"no2": np.arange(15, dtype=np.uint16)}, dates, YEAR, RULES)["no2"]
    assert (int(found.count), int(found.mean), bool(found.valid)) == (10, round(Fraction(sum(range(5, 15)), 10)), False)
    assert found.month_counts.tolist() == [10] + [0] * 11


def test_the_percentile_is_the_one_the_edition_judges() -> None:
    """98th, 95th, 90th; none of lead, of which the value is missing."""
    days = np.arange(365, dtype=np.uint16)
    items = ("so2", "pm25", "co", "o3_8h", "pb")
    found = period_statistics(dict.fromkeys(items, days), YEAR.dates, YEAR, RULES)
    assert [found[item].percent for item in items] == [98, 95, 95, 90, None]
    assert [int(found[item].percentile) for item in items] == [357, 346, 346, 328, MISSING]
    more = period_statistics({"so2": days}, YEAR.dates, YEAR, RULES, decimals=1)["so2"]
    assert (int(more.percentile), int(more.mean), more.decimals) == (3567, 1820, 1)


def test_stations_and_scenarios_keep_their_places() -> None:
    """Leading axes of any number."""
    days = np.broadcast_to(np.full(365, 20, np.uint16), (2, 3, 365)).copy()
    days[1, 2, :40] = MISSING
    found = period_statistics({"pm10": days}, YEAR.dates, YEAR, RULES)["pm10"]
    assert found.mean.shape == found.percentile.shape == found.valid.shape == (2, 3)
    assert found.month_counts.shape == (2, 3, 12)
    assert found.valid.tolist() == [[True] * 3, [True, True, False]]


def test_an_empty_period_has_nothing() -> None:
    """No day, no month, no value."""
    period = span(date(2025, 1, 1), date(2025, 1, 1))
    found = period_statistics({"co": np.zeros((2, 0), np.uint16)}, period.dates, period, RULES)["co"]
    assert found.mean.tolist() == found.percentile.tolist() == [MISSING, MISSING]
    assert found.valid.tolist() == [False, False]
    assert found.month_counts.shape == (2, 0)


def test_an_item_that_is_not_evaluated_is_refused() -> None:
    """Hourly ozone is no daily value."""
    with pytest.raises(LookupError, match="the item has the key 'o3'"):
        period_statistics({"o3": np.zeros(365, np.uint16)}, YEAR.dates, YEAR, RULES)


def test_a_whole_calendar_and_its_validity_can_be_asked_alone() -> None:
    """`enough_days` on counts that came from elsewhere."""
    minimum = RULES.minimum("year", "pm25")
    counts = np.full((2, 12), 27)
    counts[1, 1] = 24
    assert enough_days(np.array([324, 324]), YEAR.months, counts, minimum).tolist() == [True, False]


def test_days_that_are_not_those_of_the_dates_are_refused() -> None:
    """A value without an axis of days, and too few of them."""
    year, rules = year_of(date(2025, 1, 1)), standards.load("hj663_2013", standards.AirAssessment)
    for days in (np.uint16(3), np.zeros((2, 364), np.uint16)):
        with pytest.raises(ValueError, match=r"the days of 'pm25' have the shape .*; \(…, 365\) would do"):
            period_statistics({"pm25": np.asarray(days)}, year.dates, year, rules)


def test_a_day_that_stands_twice_is_refused() -> None:
    """It would count twice, and make a year valid that is not; outside the period nothing is looked at."""
    month, rules = month_of(date(2025, 2, 1)), standards.load("hj663_2013", standards.AirAssessment)
    twice = np.array(["2025-01-31", "2025-01-31", "2025-02-01", "2025-02-01"], "datetime64[D]")
    with pytest.raises(ValueError, match="the 2 dates are 1 different ones; each day stands once"):
        period_statistics({"pm25": np.zeros(4, np.uint16)}, twice, month, rules)
    assert period_statistics({"pm25": np.zeros(3, np.uint16)}, twice[:3], month, rules)["pm25"].count == 1
