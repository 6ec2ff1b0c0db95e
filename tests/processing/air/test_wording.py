"""Names of items and of periods, and numbers as they are shown."""

from __future__ import annotations

from datetime import date

import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.wording import named, number, period_name, plain, shown
from qingchuan.processing.calendar_periods import (
    CalendarPeriod,
    half_year_of,
    month_of,
    one_day,
    quarter_of,
    span,
    year_of,
    year_to_date,
)
from qingchuan.processing.scaled import MISSING

RULES = standards.load("hj663_2013", standards.AirAssessment)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        (one_day(date(2026, 3, 1)), "2026年3月1日", "2026-03-01"),
        (month_of(date(2026, 3, 1)), "2026年3月", "2026-03"),
        (quarter_of(date(2026, 12, 1)), "2026年第四季度", "quarter 4 of 2026"),
        (half_year_of(date(2026, 6, 30)), "2026年上半年", "half 1 of 2026"),
        (half_year_of(date(2026, 7, 1)), "2026年下半年", "half 2 of 2026"),
        (year_of(date(2026, 3, 1)), "2026年", "2026"),
        (year_to_date(date(2026, 8, 31)), "2026年1月1日至8月31日", "2026-01-01 to 2026-08-31"),
        (span(date(2025, 11, 1), date(2026, 3, 1)), "2025年11月1日至2026年2月28日", "2025-11-01 to 2026-02-28"),
    ],
)
def test_a_period_is_called_as_people_call_it(period: CalendarPeriod, zh: str, en: str) -> None:
    """In both languages."""
    assert period_name(period) == standards.Text(zh, en)


@pytest.mark.parametrize("item", sorted({*RULES.basic.day, *RULES.basic.hour, *RULES.other.items}))
def test_every_item_that_is_evaluated_has_a_name_and_a_unit(item: str) -> None:
    """Also those that the catalogue does not have."""
    found = named(item, RULES)
    assert all((found.name.zh, found.name.en, found.unit.endswith("g/m³")))
    assert found.decimals == RULES.decimals.items[item]


def test_numbers_are_shown_with_their_decimals() -> None:
    """A dash where there is none."""
    assert [shown(value, 2) for value in (0, 5, 100, MISSING, -1)] == ["0.00", "0.05", "1.00", "—", "—"]
    assert [number(value, 2) for value in (0, 5, MISSING, -1)] == [0.0, 0.05, None, None]


def test_a_sum_is_shown_whatever_it_is() -> None:
    """Also where it is the number that stands for a missing concentration, and below zero."""
    assert (shown(MISSING, 0), plain(MISSING, 0), plain(-5, 2), plain(0, 1)) == ("—", "65535", "−0.05", "0.0")
