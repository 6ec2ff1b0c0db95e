"""Which edition judges which period, and which days a rate is about."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.rates import to_yesterday

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
    """Last year's ends on the same day, or on the last of February."""
    month, year, last_year = to_yesterday(today)
    assert (month.end, year.end) == (today, today)
    assert (year.start, last_year.start) == (dt.date(today.year, 1, 1), dt.date(today.year - 1, 1, 1))
    assert year.days - last_year.days in {-1, 0, 1}
    assert (last_year.end.month, last_year.end.day) in {(today.month, today.day), (2, 28)}
