"""How long the air quality of a year of hours of 1,700 stations takes, against copying it: uint16 in, as much out.

The index of each of the six items, AQI, primary pollutants, level, whether complete, whether published: from 12 bytes
an hour 18 are made. The copy is one of the six arrays, and of three of them again; both sides make new arrays.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.air_hours import HOURS_OF_A_YEAR, ITEMS, STATIONS, cube
from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import NS, shortest
from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.scaled import Scaled

_STANDARD = "hj633_2026"
_REPEATED = 9


def measure(_folder: Path) -> Run:
    """Time of both for a concentration [ns]."""
    standard = standards.load(_STANDARD, standards.AirQualityIndex)
    hours = cube(HOURS_OF_A_YEAR, STATIONS)
    of_items = dict(zip(ITEMS, hours, strict=True))
    theirs = shortest(lambda: _copy(hours), _REPEATED)
    ours = shortest(lambda: evaluate(of_items, "hour", standard), _REPEATED)
    return Run(ours / hours.size * NS, theirs / hours.size * NS)


def _copy(hours: Scaled) -> list[Scaled]:
    return [item.copy() for item in hours] + [item.copy() for item in hours[: len(ITEMS) // 2]]


BENCHMARK = Benchmark(
    "aqi_vs_copy",
    "ratio",
    "×",
    "lower",
    4,
    measure,
    runs=5,
    against=f"a copy of the six uint16 inputs, {HOURS_OF_A_YEAR:,} h × {STATIONS:,} stations (179 MB), "
    "and of three again for as many bytes as come out (268 MB), into new arrays",
    measured_in="ns/value",
)
