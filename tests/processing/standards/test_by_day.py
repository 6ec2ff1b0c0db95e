"""Editions of many days, and the one edition of a period."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.calendar_periods import month_of, one_day, span, year_of
from qingchuan.processing.standards.by_day import editions_of, stated_edition


@given(st.lists(st.dates(date(2010, 1, 1), date(2032, 1, 1)), max_size=40))
def test_each_day_has_the_edition_in_force_on_it(days: list[date]) -> None:
    """As `in_force` says, or none where it refuses."""
    found = editions_of(np.array(days, "datetime64[D]"), "hj633")
    assert found.index.shape == (len(days),)
    for day, index in zip(days, found.index.tolist(), strict=True):
        if day < date(2012, 2, 29):
            assert index == -1
        else:
            assert found.editions[index] is standards.in_force("hj633", day)


def test_the_rules_that_stand_in_are_told_apart_from_those_they_are() -> None:
    """HJ 663—2013 for itself, and for HJ 663—2026."""
    found = editions_of(month_of(date(2026, 2, 1)).dates, "hj663")
    both = editions_of(span(date(2026, 2, 28), date(2026, 3, 2)).dates, "hj663")
    assert [edition.stands_in_for for edition in found.editions] == [None]
    assert [edition.stands_in_for for edition in both.editions] == [None, "HJ 663—2026"]
    assert both.index.tolist() == [0, 1]


def test_shapes_are_kept_and_no_days_are_no_error() -> None:
    """A grid of days, one day without an axis, none at all."""
    assert editions_of(np.full((2, 3), "2026-03-01", "datetime64[D]"), "hj633").index.tolist() == [[0] * 3] * 2
    assert editions_of(np.array("2026-03-01", "datetime64[D]"), "hj633").index.shape == ()
    none = editions_of(np.array([], "datetime64[D]"), "hj633")
    assert (none.editions, none.index.size) == ((), 0)
    assert none.numbers(lambda edition: edition.good_up_to, -1).size == 0


def test_a_number_of_the_edition_is_given_day_by_day() -> None:
    """The number for none where no edition covers the day."""
    days = np.array(["2026-03-01", "2012-02-28", "2026-02-28"], "datetime64[D]")
    found = editions_of(days, "hj633").numbers(lambda edition: edition.range.least, -9)
    assert found.tolist() == [1, -9, 0]


@pytest.mark.parametrize(
    ("last", "document", "editions"),
    [
        (date(2026, 2, 28), "GB 3095—2012", 1),
        (date(2026, 3, 1), "GB 3095—2026", 2),
        (date(2026, 12, 31), "GB 3095—2026", 2),
    ],
)
def test_a_period_is_by_the_edition_of_its_last_day(last: date, document: str, editions: int) -> None:
    """Both sides of 2026-03-01."""
    found = stated_edition(span(date(2026, 1, 1), date.fromordinal(last.toordinal() + 1)), "gb3095")
    assert (found.edition.document, len(found.editions)) == (document, editions)
    assert document in found.reason.zh
    assert ("更替" in found.reason.zh) == ("changes" in found.reason.en) == (editions > 1)


def test_a_period_within_one_edition_says_so() -> None:
    """In both languages."""
    reason = stated_edition(year_of(date(2025, 1, 1)), "hj633").reason
    assert reason == standards.Text("评价时段内均适用HJ 633—2012", "HJ 633—2012 judges the whole period")


def test_days_that_are_older_than_every_edition_are_told() -> None:
    """59 days of 2012 are; none of the others."""
    assert stated_edition(year_of(date(2012, 1, 1)), "hj633").reason == standards.Text(
        "评价时段内均适用HJ 633—2012；另有59天早于各版本的适用日期",
        "HJ 633—2012 judges the whole period; 59 days are older than every edition",
    )


def test_a_period_whose_last_day_no_edition_covers_is_refused() -> None:
    """As for a single day."""
    with pytest.raises(standards.UnknownEdition, match="2012-02-28"):
        stated_edition(one_day(date(2012, 2, 28)), "hj633")
