"""The period that options name: one of them, or none."""

from __future__ import annotations

from datetime import date

import pytest

from qingchuan.service.period_options import OptionError, asked_period, up_to_yesterday

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("options", "kind", "start", "last"),
    [
        ({"day": "2026-11-24"}, "day", date(2026, 11, 24), date(2026, 11, 24)),
        ({"month": "2024-02"}, "month", date(2024, 2, 1), date(2024, 2, 29)),
        ({"year": "2025"}, "year", date(2025, 1, 1), date(2025, 12, 31)),
        ({"first": "2026-07-01", "last": "2026-09-30"}, "span", date(2026, 7, 1), date(2026, 9, 30)),
        ({"first": "2026-11-24", "last": "2026-11-24"}, "span", date(2026, 11, 24), date(2026, 11, 24)),
        ({"first": "2026-07-01"}, "span", date(2026, 7, 1), date(2026, 11, 24)),
        ({"last": "2026-08-31"}, "year_to_date", date(2026, 1, 1), date(2026, 8, 31)),
    ],
)
def test_a_period_has_its_first_and_its_last_day(options: dict[str, str], kind: str, start: date, last: date) -> None:
    """Both belong to it."""
    found = asked_period(TODAY, **options)
    assert found is not None
    assert (found.kind, found.start, found.last) == (kind, start, last)


def test_without_options_there_is_no_period() -> None:
    """Each command has one of its own then."""
    assert asked_period(TODAY) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"month": "2026-13"}, "--month has '2026-13'; the like of 2026-10 would do"),
        ({"month": "2026-10-01"}, "--month has '2026-10-01'"),
        ({"month": ""}, "--month has ''"),
        ({"year": "26"}, "--year has '26'; the like of 2026 would do"),
        ({"year": "1066"}, "--year has '1066'; a year from 1900 to 2199 would do"),
        ({"day": "yesterday"}, "--day has 'yesterday'; the like of 2026-11-24 would do"),
        ({"first": "20261101"}, "--from has '20261101'"),
        ({"last": "2026-02-29"}, "--to has '2026-02-29'"),
        ({"first": "2026-11-02", "last": "2026-11-01"}, "--from has 2026-11-02 and --to has 2026-11-01"),
        ({"first": "2026-11-25"}, "--from has 2026-11-25; yesterday was 2026-11-24"),
        ({"month": "2026-10", "day": "2026-10-01"}, "--day and --month are given; one of them would do"),
        ({"year": "2026", "last": "2026-10-01"}, "--year and --from/--to are given"),
    ],
)
def test_what_will_not_do_is_named_with_what_would(options: dict[str, str], said: str) -> None:
    """With the option as it is typed."""
    with pytest.raises(OptionError) as caught:
        asked_period(TODAY, **options)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("today", "start", "last"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_year_up_to_yesterday_has_a_day_at_least(today: date, start: date, last: date) -> None:
    """On 1 January it is the year that is over."""
    found = up_to_yesterday(today)
    assert (found.start, found.last) == (start, last)
