"""Times of files."""

from __future__ import annotations

import pytest

from qingchuan.collector.importing.times import TimeReader, TimeRule
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing.periods import to_beijing
from qingchuan.store.observations import Period


def _read(text: str, period: Period = "hour", **rule: object) -> str:
    given = {"column": "time", "label": "end" if period in ("hour", "day") else None, **rule}
    return to_beijing(TimeReader(TimeRule(**given), period)(text)).isoformat()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-03-01 01:00", "2026-03-01T00:00:00+08:00"),
        ("2026-03-01 24:00", "2026-03-01T23:00:00+08:00"),
        ("2026-03-01 00:00", "2026-02-28T23:00:00+08:00"),
        ("2026/03/01 1:00:00", "2026-03-01T00:00:00+08:00"),
        ("2026年3月1日 24时", "2026-03-01T23:00:00+08:00"),
        ("20260301 24", "2026-03-01T23:00:00+08:00"),
        ("2026030102", "2026-03-01T01:00:00+08:00"),
        ("2026030124", "2026-03-01T23:00:00+08:00"),
        ("2026022824", "2026-02-28T23:00:00+08:00"),
        ("2026-03-01 24", "2026-03-01T23:00:00+08:00"),
        ("2026-03-01 8", "2026-03-01T07:00:00+08:00"),
        ("2026/3/1 24", "2026-03-01T23:00:00+08:00"),
        ("2026-03-01T02:00:00", "2026-03-01T01:00:00+08:00"),
        ("2026-03-01T02:00:00+00:00", "2026-03-01T09:00:00+08:00"),
    ],
)
def test_a_chinese_hour_is_named_by_its_end(text: str, start: str) -> None:
    """24:00 ends the natural day, 0:00 the one before; a time with an offset of its own keeps it."""
    assert _read(text) == start


def test_the_label_the_zone_and_the_format_are_those_of_the_mapping() -> None:
    """Each of them moves the start."""
    assert _read("2026-03-01 01:00", label="start") == "2026-03-01T01:00:00+08:00"
    assert _read("2026-03-01 01:00", zone="+00:00") == "2026-03-01T08:00:00+08:00"
    assert _read("01.03.2026 01", format="%d.%m.%Y %H") == "2026-03-01T00:00:00+08:00"
    assert _read("03/01/26", period="day", label="start", format=("%Y", "%m/%d/%y")) == "2026-03-01T00:00:00+08:00"
    assert _read("2026-03-01 08:20", period="instant") == "2026-03-01T08:20:00+08:00"
    assert _read("2026-03-01 08:20 +0000", period="instant", format="%Y-%m-%d %H:%M %z") == "2026-03-01T16:20:00+08:00"


@pytest.mark.parametrize("text", ["2026-03-01 10:24", "2026-03-01 10:24:00", "2026/3/1 10:24", "2026年3月1日 10时24分"])
def test_twenty_four_minutes_are_no_hour_24(text: str) -> None:
    """Only an hour of 24 ends the day; a sample of 10:24 is of 10:24."""
    assert _read(text, period="instant") == "2026-03-01T10:24:00+08:00"
    assert _read("2026-03-01 10:00:24", period="instant") == "2026-03-01T10:00:24+08:00"


def test_an_hour_24_of_digits_alone_is_read_by_a_format_of_its_own_too() -> None:
    """Right behind the eight digits of the day; 10:24 is not, nor is a day 24 with an hour."""
    assert _read("202603012400", format="%Y%m%d%H%M") == "2026-03-01T23:00:00+08:00"
    assert _read("202603011024", period="instant", format="%Y%m%d%H%M") == "2026-03-01T10:24:00+08:00"
    assert _read("2026032424") == "2026-03-24T23:00:00+08:00"
    assert _read("2026032401") == "2026-03-24T00:00:00+08:00"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30 01:00", "2026-03-01 25:00", "03-01 01:00"])
def test_what_is_no_time_is_refused_with_the_formats(text: str) -> None:
    """A day of the month that there is not, an hour that there is not, a time without a year."""
    with pytest.raises(RefusedError, match=r"does not fit time\.format") as refused:
        _read(text)
    assert refused.value.code == "wrong-time"
