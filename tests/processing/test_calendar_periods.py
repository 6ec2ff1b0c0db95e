"""Periods of natural days: which days belong to which, and to which month."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import calendar_periods as calendar
from qingchuan.processing.calendar_periods import CalendarPeriod

DAYS = st.dates(date(1970, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("period", "start", "end", "days"),
    [
        (calendar.one_day(date(2026, 12, 31)), date(2026, 12, 31), date(2027, 1, 1), 1),
        (calendar.month_of(date(2024, 2, 29)), date(2024, 2, 1), date(2024, 3, 1), 29),
        (calendar.month_of(date(2026, 12, 1)), date(2026, 12, 1), date(2027, 1, 1), 31),
        (calendar.quarter_of(date(2026, 3, 31)), date(2026, 1, 1), date(2026, 4, 1), 90),
        (calendar.quarter_of(date(2026, 4, 1)), date(2026, 4, 1), date(2026, 7, 1), 91),
        (calendar.half_year_of(date(2026, 6, 30)), date(2026, 1, 1), date(2026, 7, 1), 181),
        (calendar.half_year_of(date(2026, 7, 1)), date(2026, 7, 1), date(2027, 1, 1), 184),
        (calendar.year_of(date(2024, 7, 1)), date(2024, 1, 1), date(2025, 1, 1), 366),
        (calendar.year_to_date(date(2026, 3, 1)), date(2026, 1, 1), date(2026, 3, 2), 60),
    ],
)
def test_a_period_has_the_days_of_the_calendar(period: CalendarPeriod, start: date, end: date, days: int) -> None:
    """First day, first day after it, and how many there are."""
    assert (period.start, period.end, period.days) == (start, end, days)
    assert period.last == end - timedelta(days=1)
    assert period.dates.tolist() == [start + timedelta(days=number) for number in range(days)]


@given(DAYS)
def test_every_day_lies_in_its_month_quarter_half_year_and_year(day: date) -> None:
    """The longer ones hold the shorter ones, and the days before and after a period are not in it."""
    periods = [
        calendar.one_day(day),
        calendar.month_of(day),
        calendar.quarter_of(day),
        calendar.half_year_of(day),
        calendar.year_of(day),
    ]
    for shorter, longer in pairwise(periods):
        assert longer.start <= shorter.start <= day < shorter.end <= longer.end
    for period in periods:
        edges = [period.start - timedelta(days=1), period.start, day, period.last, period.end]
        assert period.holds(np.array(edges, "datetime64[D]")).tolist() == [False, True, True, True, False]
    assert [period.months.size for period in periods] == [1, 1, 3, 6, 12]


def test_a_year_that_is_over_is_a_year() -> None:
    """On 31 December the year to date is the year, by whose rules it is then valid or not."""
    assert calendar.year_to_date(date(2026, 12, 31)) == calendar.year_of(date(2026, 1, 1))
    assert calendar.year_to_date(date(2026, 12, 30)).kind == "year_to_date"


def test_a_span_may_be_empty_but_does_not_end_before_it_starts() -> None:
    """The message names both days."""
    empty = calendar.span(date(2026, 1, 1), date(2026, 1, 1))
    assert (empty.days, empty.dates.size, empty.months.size) == (0, 0, 0)
    with pytest.raises(
        ValueError, match="the span has the end 2025-12-31; it must not be before its start, 2026-01-01"
    ):
        calendar.span(date(2026, 1, 1), date(2025, 12, 31))


@given(st.lists(DAYS, unique=True, max_size=200), st.integers(0, 3))
def test_sums_of_months_are_those_counted_one_by_one(days: list[date], rows: int) -> None:
    """In any order of the days, with leading axes or without."""
    dates = np.array(days, "datetime64[D]")
    values = np.arange(rows * len(days)).reshape(rows, len(days))
    months = calendar.months_of(dates)
    found = calendar.by_month(values, months)
    names = sorted({(day.year, day.month) for day in days})
    assert [(month.year, month.month) for month in months.starts.tolist()] == names
    assert found.shape == (rows, len(names))
    for row in range(rows):
        for place, name in enumerate(names):
            assert found[row, place] == sum(
                int(value) for value, day in zip(values[row], days, strict=True) if (day.year, day.month) == name
            )
