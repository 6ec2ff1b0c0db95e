"""Beijing time, natural days, labels of hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import periods

SECONDS = st.integers(-(10**10), 10**11)


@given(SECONDS)
def test_beijing_time_and_seconds_are_each_others_inverse(seconds: int) -> None:
    """Going to Beijing time and back changes nothing."""
    assert periods.from_datetime(periods.to_beijing(seconds)) == seconds


@given(SECONDS)
def test_an_instant_lies_in_its_natural_day(seconds: int) -> None:
    """A day begins at its start and ends where the next one starts."""
    day = periods.natural_day(seconds)
    assert periods.day_start(day) <= seconds < periods.day_start(day + timedelta(days=1))


@given(st.lists(SECONDS, max_size=5))
def test_many_natural_days_are_those_of_one_by_one(seconds: list[int]) -> None:
    """The array function agrees with the scalar one."""
    times = np.array(seconds, dtype="datetime64[s]")
    assert periods.natural_days(times).tolist() == [periods.natural_day(second) for second in seconds]


def test_there_is_no_summer_time() -> None:
    """In July 1988 Shanghai's clocks stood an hour ahead; the offset stays +08:00."""
    assert periods.to_beijing(periods.day_start(date(1988, 7, 1))).utcoffset() == timedelta(hours=8)
    assert periods.day_start(date(1988, 7, 1)) % periods.DAY == 16 * periods.HOUR


def test_a_natural_day_has_the_hours_1_to_24() -> None:
    """The first hour is labelled 1:00, the last 24:00 of the same day (HJ 663—2013, A.1)."""
    start = periods.day_start(date(2026, 11, 25))
    labels = [periods.hour_label_end(start + hour * periods.HOUR) for hour in range(24)]
    assert labels == [f"{hour}:00" for hour in range(1, 25)]
    assert periods.natural_day(start + 23 * periods.HOUR) == date(2026, 11, 25)


def test_an_hour_that_starts_between_full_hours_has_no_label() -> None:
    """The message shows the start in Beijing time and says what would do."""
    with pytest.raises(ValueError, match=r"2026-11-25T00:00:01\+08:00; an hour starts on a full hour"):
        periods.hour_label_end(periods.day_start(date(2026, 11, 25)) + 1)


@pytest.mark.parametrize(
    "text",
    ["2026-11-25T08:00:00+08:00", "2026-11-25T00:00:00Z", "2026-11-25 08:00+08:00", "2026-11-24T19:00:00-05:00"],
)
def test_one_instant_can_be_written_with_any_offset(text: str) -> None:
    """Offsets are honoured, whatever they are."""
    assert periods.parse_instant(text) == 1795564800


@pytest.mark.parametrize("text", ["2026-11-25T08:00:00", "2026-11-25", "20261125T08"])
def test_a_time_without_offset_is_refused(text: str) -> None:
    """Which clock was meant is never guessed."""
    with pytest.raises(ValueError, match="has no offset; write it with one, such as"):
        periods.parse_instant(text)


def test_a_fraction_of_a_second_is_refused() -> None:
    """Periods and instants are whole seconds; a fraction of zero is one."""
    with pytest.raises(ValueError, match="has a fraction of a second; write whole seconds"):
        periods.parse_instant("2026-11-25T08:00:00.5+08:00")
    assert periods.parse_instant("2026-11-25T08:00:00.000+08:00") == 1795564800


@pytest.mark.parametrize("text", ["", "now", "2026-02-30T00:00:00+08:00", "1795564800", "2026-11-25T08:00:00+99:00"])
def test_what_is_no_time_is_refused_with_the_text_and_an_example(text: str) -> None:
    """The reader sees what was sent and how a time is written."""
    with pytest.raises(ValueError, match="is no time; write date, time and offset by ISO 8601"):
        periods.parse_instant(text)


def test_a_naive_datetime_is_refused() -> None:
    """A datetime without offset could mean any clock."""
    with pytest.raises(ValueError, match="has no offset"):
        periods.from_datetime(datetime(2026, 11, 25, 8))  # noqa: DTZ001 - a naive time is what is tested


def test_any_aware_datetime_will_do() -> None:
    """UTC and odd offsets count from the same epoch."""
    assert periods.from_datetime(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    odd = timezone(timedelta(hours=5, minutes=45))
    assert periods.from_datetime(datetime(1970, 1, 1, 5, 45, tzinfo=odd)) == 0


def test_month_and_year_start_on_their_first_day() -> None:
    """Both begin at Beijing midnight, and a first day is its own start."""
    assert periods.month_start(date(2024, 2, 29)) == periods.day_start(date(2024, 2, 1))
    assert periods.year_start(date(2024, 12, 31)) == periods.day_start(date(2024, 1, 1))
    assert periods.year_start(date(2024, 1, 1)) == periods.month_start(date(2024, 1, 1))


@given(SECONDS, st.sampled_from([1, 60, periods.HOUR, periods.DAY]))
def test_aligning_goes_to_the_first_start_that_is_not_before(seconds: int, step: int) -> None:
    """Never backwards, never a whole period ahead, and counted from Beijing midnight."""
    aligned = periods.align(seconds, step)
    assert 0 <= aligned - seconds < step
    assert (aligned - periods.day_start(date(2026, 1, 1))) % step == 0


@pytest.mark.parametrize("unit", ["s", "m", "h", "D", "ms"])
def test_moments_of_any_unit_become_seconds(unit: str) -> None:
    """A day is 86,400 of them, and not one."""
    moments = np.array(["1970-01-01", "1970-01-02"], dtype=f"datetime64[{unit}]")
    assert periods.whole_seconds(moments).tolist() == [0, 86_400]
    assert periods.whole_seconds([[5], [7]]).tolist() == [[5], [7]]
    assert periods.whole_seconds([]).shape == (0,)


@pytest.mark.parametrize("times", [[0.5], np.array(["NaT"], dtype="datetime64[s]"), [True]])
def test_a_moment_that_is_not_known_is_no_moment(times: ArrayLike) -> None:
    """Nor is a fraction of a second, or a truth value."""
    with pytest.raises(ValueError, match="give whole seconds or datetime64, each of them known"):
        periods.whole_seconds(times)
