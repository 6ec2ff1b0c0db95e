"""Hours of three stations of Shanghai since July 2018, replayed through a real Mosquitto: our index is as published.

A 0 or an empty cell is missing, and rows that stand twice are identical, but that one of the two may give no level.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.published import Row, air_number, rows
from tests.support.service import Service

FILES = {
    "shanghai-hongkou": "hongkou.csv.gz",
    "shanghai-jingan": "jingan.csv.gz",
    "shanghai-dianshanhu": "qingpudianshanhu.csv.gz",
}
COLUMNS = {"so2": "so2", "no2": "no2", "pm10": "pm10", "pm25": "pm25", "co": "co", "o3": "ozone1hour"}
PRIMARY = {"PM2.5": "pm25", "PM10": "pm10", "O3": "o3", "颗粒物(PM10)": "pm10"}
SINCE, UNTIL = "2018-07-01", "2020-01-01"
FIRST = "2018-06-30T23:00:00+08:00"  # start of the hour that ends with SINCE
CUT = "2018-"

Hour = dict[str, Any]
Pairs = list[tuple[Row, Hour]]


@pytest.fixture(scope="module")
def replayed(reference_data: Path, mappings: Path, service: Service) -> dict[str, str]:
    """What `qingchuan replay` said of each file, after everything was applied."""
    folder = reference_data / "air-hourly-shanghai"
    told = {
        subject: service.command("replay", folder / name, "--mapping", mappings / "shanghai-hours.toml").stdout
        for subject, name in FILES.items()
    }
    service.wait_until_applied(31_387)
    return told


@pytest.fixture(scope="module")
def published(reference_data: Path) -> dict[str, dict[str, Row]]:
    """The rows of each station by the end of their hour."""
    folder = reference_data / "air-hourly-shanghai"
    return {subject: _by_end(rows(folder / name)) for subject, name in FILES.items()}


def _by_end(table: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in table:
        end = f"{row['time'].replace(' ', 'T')}+08:00"
        if row["time"] != CUT and SINCE <= row["time"] < UNTIL and (row["level"] or end not in found):
            found[end] = row
    return found


@pytest.fixture(scope="module")
def answered(replayed: dict[str, str], service: Service) -> dict[str, dict[str, Hour]]:
    """The hours of each station by their end, as the API answers for the whole range."""
    return {subject: {hour["end"]: hour for hour in _hours(service, subject, FIRST, UNTIL)} for subject in replayed}


@pytest.fixture(scope="module")
def whole(answered: dict[str, dict[str, Hour]], published: dict[str, dict[str, Row]]) -> Pairs:
    """Published rows with an index and all six items, each with the hour that we answer."""
    return [
        (row, answered[subject][end])
        for subject, by_end in published.items()
        for end, row in by_end.items()
        if air_number(row["aqi"]) and all(air_number(row[column]) for column in COLUMNS.values())
    ]


def _hours(service: Service, subject: str, start: str, end: str) -> list[Hour]:
    hours: list[Hour] = service.get(f"stations/{subject}/hours", start=start, end=end)["hours"]
    return hours


def test_rows_whose_time_is_cut_are_left_out_and_counted(replayed: dict[str, str]) -> None:
    """Hongkou has 23 of them; the other stations have none."""
    assert "left out: 23 rows, time unknown" in replayed["shanghai-hongkou"]
    assert ["time unknown" in told for told in replayed.values()] == [True, False, False]


def test_every_row_with_a_value_is_stored_once_and_with_the_values_that_were_measured(
    answered: dict[str, dict[str, Hour]], published: dict[str, dict[str, Row]]
) -> None:
    """Rows that stand twice are one hour, a row without a value is none, a missing value stays missing."""
    for subject, by_end in published.items():
        measured = {
            end: {item: air_number(row[column]) for item, column in COLUMNS.items()} for end, row in by_end.items()
        }
        expected = {end: values for end, values in measured.items() if any(values.values())}
        stored = {
            end: {item: hour["items"][item]["value"] for item in COLUMNS} for end, hour in answered[subject].items()
        }
        assert len(expected) > 8000
        assert stored == expected


def test_identical_rows_count_as_duplicates(replayed: dict[str, str], service: Service) -> None:
    """What is told again changes nothing and is counted: three announcements and 26,446 different hours."""
    assert replayed
    counts = service.counts()
    assert (counts["received"], counts["applied"]) == (31_387, 26_449)
    assert (counts["duplicate"], counts["dead_letter"]) == (4_938, 0)


def test_the_hourly_aqi_is_the_published_one_on_every_row_with_six_items(whole: Pairs) -> None:
    """Without exception, by the edition of 2012."""
    misses = [
        (row["site"], row["time"], row["aqi"], hour["aqi"]) for row, hour in whole if float(row["aqi"]) != hour["aqi"]
    ]
    assert len(whole) == 20_786
    assert misses == []
    assert {(hour["edition"], hour["complete"], hour["published"]) for _, hour in whole} == {
        ("HJ 633—2012", True, True)
    }


def test_the_level_is_the_published_one_wherever_one_is_given(whole: Pairs) -> None:
    """By its Chinese name."""
    given = [(row, hour) for row, hour in whole if row["level"]]
    misses = [
        (row["site"], row["time"], row["level"], hour["level"])
        for row, hour in given
        if hour["level"]["zh"] != row["level"]
    ]
    assert len(given) == 10_581
    assert misses == []


def test_the_primary_pollutant_is_the_published_one_wherever_one_is_named(whole: Pairs) -> None:
    """Above an index of 50; "-" stands for several things and names none."""
    named = [(row, hour) for row, hour in whole if row["primarypollutant"] not in {"", "-"} and hour["aqi"] > 50]
    misses = [
        (row["site"], row["time"], row["primarypollutant"], hour["primary"])
        for row, hour in named
        if hour["primary"] != [PRIMARY[row["primarypollutant"]]]
    ]
    assert len(named) == 4_512
    assert misses == []


def test_at_an_index_of_50_or_less_there_is_no_primary_pollutant(whole: Pairs) -> None:
    """The published rows of one hour name PM10 all the same: 20 October 2018, 23:00."""
    low = [(row, hour) for row, hour in whole if hour["aqi"] <= 50]
    named = [(row["time"], row["primarypollutant"]) for row, _ in low if row["primarypollutant"] not in {"", "-"}]
    assert all(hour["primary"] == [] for _, hour in low)
    assert named == [("2018-10-20 23:00:00", "颗粒物(PM10)")] * 3


def test_a_range_answers_the_hours_that_start_in_it(answered: dict[str, dict[str, Hour]], service: Service) -> None:
    """Its end is not included, so parts of a range give the whole without repetition."""
    subject = "shanghai-jingan"
    parts = [
        hour
        for start, end in [
            (FIRST, "2018-10-01"),
            ("2018-10-01", "2019-01-01T07:00:00+08:00"),
            ("2019-01-01T07:00:00+08:00", UNTIL),
        ]
        for hour in _hours(service, subject, start, end)
    ]
    assert parts == list(answered[subject].values())
    (hour,) = _hours(service, subject, "2019-01-01T07:00:00+08:00", "2019-01-01T08:00:00+08:00")
    assert (hour["start"], hour["end"]) == ("2019-01-01T07:00:00+08:00", "2019-01-01T08:00:00+08:00")
