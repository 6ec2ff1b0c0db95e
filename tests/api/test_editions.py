"""Which edition judges which period, and which days a rate is about."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.calendar import to_yesterday, year_before
from qingchuan.api.queries.editions import runs

DAYS = st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2000, 3, 1)), max_size=60).map(sorted)


@given(DAYS)
def test_stretches_cover_all_days_each_with_what_its_day_chooses(days: list[dt.date]) -> None:
    """And neighbours differ."""
    found = runs(np.array(days, "datetime64[D]"), lambda day: day.month)
    assert [chosen for part, chosen in found for _ in days[part]] == [day.month for day in days]
    assert [day for part, _ in found for day in days[part]] == days
    assert all(one[1] != other[1] for one, other in itertools.pairwise(found))


@given(st.dates(dt.date(1991, 1, 1), dt.date(2100, 1, 1)))
def test_the_periods_of_a_day_end_with_the_day_before(today: dt.date) -> None:
    """Last year's ends with the same last day: before 29 February comes the 28th, after which it is March."""
    month, year, last_year = to_yesterday(today)
    assert (month.end, year.end) == (today, today)
    assert (year.start, last_year.start) == (dt.date(today.year, 1, 1), dt.date(today.year - 1, 1, 1))
    assert year.days - last_year.days in {-1, 0, 1}
    same = (3, 1) if (today.month, today.day) == (2, 29) else (today.month, today.day)
    assert (last_year.end.month, last_year.end.day) == same


@example(dt.date(2028, 2, 28), 1)
@example(dt.date(2028, 2, 29), 1)
@given(st.dates(dt.date(1991, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 400))
def test_the_same_period_a_year_before_is_as_long_but_for_a_leap_day(start: dt.date, days: int) -> None:
    """A period of one day has one day a year before, 29 February included, and 28 February before it."""
    period = Dates(start, start + dt.timedelta(days=days))
    before = year_before(period)
    assert abs(before.days - days) <= 1
    assert before.days >= 1
