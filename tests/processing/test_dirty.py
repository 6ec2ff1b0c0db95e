"""Which periods a change of readings touches."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.dirty import Unit, dirty
from qingchuan.processing.periods import DAY, HOUR, day_start, natural_day

MIDNIGHT = day_start(dt.date(2026, 12, 1))


@pytest.mark.parametrize(
    ("unit", "periods"),
    [
        ("day", ["2026-11-30", "2026-12-01"]),
        ("month", ["2026-11", "2026-12"]),
        ("year", ["2026"]),
    ],
)
def test_both_sides_of_midnight_in_beijing_are_two_days(unit: Unit, periods: list[str]) -> None:
    """The hour that ends at midnight belongs to the day before, and at the end of a month to the month before."""
    found = dirty([7, 7], [MIDNIGHT - HOUR, MIDNIGHT], unit)
    assert found.period.astype(str).tolist() == periods
    assert set(found.subject.tolist()) == {7}


def test_each_subject_has_its_own_periods_once_and_in_order() -> None:
    """However many readings touch them, and in whatever order these come."""
    found = dirty([2, 1, 2, 2], [MIDNIGHT, MIDNIGHT, MIDNIGHT - DAY, MIDNIGHT + HOUR], "day")
    assert found.subject.tolist() == [1, 2, 2]
    assert found.of(2).astype(str).tolist() == ["2026-11-30", "2026-12-01"]


def test_nothing_touches_nothing() -> None:
    """Without readings there are no periods."""
    found = dirty([], [], "day")
    assert found.subject.size == found.period.size == 0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 800 * DAY)), max_size=40), st.sampled_from(["day", "month"])
)
def test_the_periods_are_those_of_a_plain_set(readings: list[tuple[int, int]], unit: Unit) -> None:
    """Written as one would by hand."""
    found = dirty([subject for subject, _ in readings], [start for _, start in readings], unit)
    length = {"day": 10, "month": 7}[unit]
    expected = {(subject, natural_day(start).isoformat()[:length]) for subject, start in readings}
    told = list(zip(found.subject.tolist(), np.datetime_as_string(found.period).tolist(), strict=True))
    assert told == sorted(expected)
