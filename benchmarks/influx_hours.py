"""A real InfluxDB 2 with hours of stations: what the benchmarks of that store are measured on."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.benchmark import AbsentError
from qingchuan.store.influx.lines import Point
from qingchuan.store.observations import Observation
from tests.support.influxd import Influxd

STATIONS = 169
SUBJECTS = [f"{number}A" for number in range(1000, 1000 + STATIONS)]
ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25", "temperature", "humidity")
FIRST = 1_772_294_400
"""2026-03-01 00:00 Beijing time. [s]"""
HOUR = 3600
_ABSENT = "no server here: set QINGCHUAN_TEST_INFLUXD to an influxd 2.x, or put it into PATH"
_TENTHS = ("co", "temperature", "humidity")
_HIGHEST = {"so2": 20, "no2": 80, "co": 20, "o3": 200, "pm10": 150, "pm25": 90, "temperature": 350, "humidity": 990}


@contextmanager
def influxd(folder: Path) -> Iterator[Influxd]:
    """A server of its own, with its files below `folder`.

    Raises
    ------
    AbsentError
        There is none here.
    """
    program = os.environ.get("QINGCHUAN_TEST_INFLUXD") or shutil.which("influxd")
    if not program:
        raise AbsentError(_ABSENT)
    with Influxd(folder / "influxd", program) as server:
        yield server


def hours(count: int) -> list[Point]:
    """The first `count` hours of all stations with eight items, in the order of time."""
    chance = random.Random(1)
    return [
        Point(1 + hour * STATIONS + number, _hour(chance, subject, FIRST + hour * HOUR))
        for hour in range(count)
        for number, subject in enumerate(SUBJECTS)
    ]


def _hour(chance: random.Random, subject: str, start: int) -> Observation:
    values = ",".join(f'"{item}":{_number(chance, item)}' for item in ITEMS)
    return Observation(subject, "hour", start, "reported", f"{{{values}}}", "2")


def _number(chance: random.Random, item: str) -> str:
    """A number as an instrument sends it: some end with a nought that no float has."""
    number = chance.randrange(3, _HIGHEST[item])
    return f"{number / 10:.1f}" if item in _TENTHS else str(number)
