"""The same calendar dates in earlier years: found one by one, and leap days lacking."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.air.earlier_years import NO_DAY, earlier_years
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.scaled import MISSING


def _dates(start: date, number: int) -> Days:
    return np.datetime64(start, "D") + np.arange(number)


def _same_date(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


@given(
    st.dates(date(2014, 1, 1), date(2020, 12, 31)),
    st.integers(0, 1500),
    st.dates(date(2016, 1, 1), date(2024, 12, 31)),
    st.integers(0, 400),
)
def test_every_date_is_found_where_it_is(start: date, number: int, first: date, left: int) -> None:
    """Days in any order; the date of each year looked up by Python's calendar."""
    dates = _dates(start, number)[::-1]
    there = {day: place for place, day in enumerate(dates.tolist())}
    found = earlier_years(dates, _dates(first, left))
    remaining = [first + timedelta(days=day) for day in range(left)]
    wanted = {}
    for back in range(1, 13):
        shifted = [_same_date(day, day.year - back) for day in remaining]
        places = [NO_DAY if day is None else there.get(day, NO_DAY) for day in shifted]
        if any(place != NO_DAY for place in places):
            wanted[first.year - back] = places
    assert found.years.tolist() == list(wanted)
    assert found.place.tolist() == list(wanted.values())
    assert found.place.shape == (len(wanted), left)


def test_a_leap_day_is_lacking_in_other_years() -> None:
    """And 1 March stays 1 March."""
    found = earlier_years(_dates(date(2020, 1, 1), 1461), _dates(date(2024, 2, 28), 3))
    assert found.years.tolist() == [2023, 2022, 2021, 2020]
    assert [row[1] for row in found.place.tolist()] == [NO_DAY, NO_DAY, NO_DAY, 59]
    february = 366 + 365 + 365 + 31
    assert found.place[0].tolist() == [february + 27, NO_DAY, february + 28]


def test_a_rest_over_new_year_has_the_name_of_the_year_it_begins_in() -> None:
    """A heating season: December and January together."""
    found = earlier_years(_dates(date(2022, 12, 31), 2), _dates(date(2025, 12, 31), 2))
    assert (found.years.tolist(), found.place.tolist()) == ([2022], [[0, 1]])


def test_values_are_picked_and_what_is_lacking_is_said() -> None:
    """Of numbers and of yes and no; without a year there is nothing."""
    found = earlier_years(_dates(date(2023, 2, 28), 2), _dates(date(2024, 2, 28), 3))
    assert found.of(np.array([7, 9], np.uint16), MISSING).tolist() == [[7, MISSING, 9]]
    assert found.of(np.array([True, True]), nothing=False).tolist() == [[True, False, True]]
    none = earlier_years(_dates(date(2024, 1, 1), 5), _dates(date(2024, 3, 1), 3))
    assert none.of(np.zeros(5, np.uint16), MISSING).shape == (0, 3)
    assert earlier_years(_dates(date(2024, 1, 1), 0), _dates(date(2024, 3, 1), 3)).place.shape == (0, 3)
    assert earlier_years(_dates(date(2024, 1, 1), 5), _dates(date(2024, 3, 1), 0)).place.shape == (0, 0)
