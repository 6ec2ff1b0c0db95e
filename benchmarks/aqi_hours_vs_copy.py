"""How long the AQI of a year of hours of 169 cities takes, against copying the concentrations. Nothing is promised."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.benchmark import Benchmark, Run
from qingchuan.processing import standards
from qingchuan.processing.air import aqi
from qingchuan.processing.scaled import Scaled

_STANDARD = "hj633_2026"
_CITIES, _HOURS = 169, 24 * 365
_REPEATED = 7
_NS = 1e9


def measure(_folder: Path) -> Run:
    """Time of both for a concentration [ns]."""
    standard = standards.load(_STANDARD, standards.AirQualityIndex)
    chance = np.random.default_rng(1)
    year = {item: chance.integers(0, 200, (_HOURS, _CITIES), dtype=np.uint16) for item in standard.report("hour")}
    values = sum(hours.size for hours in year.values())
    there = {item: np.empty_like(hours) for item, hours in year.items()}
    theirs = _time(lambda: _copy(year, there))
    ours = _time(lambda: aqi.evaluate(year, "hour", standard))
    return Run(ours / values * _NS, theirs / values * _NS)


def _copy(year: dict[str, Scaled], there: dict[str, Scaled]) -> None:
    for item, hours in year.items():
        np.copyto(there[item], hours)


def _time(work: Callable[[], object]) -> float:
    """The shortest of several times [s]: the first also pays for fresh memory."""
    return min(timeit.repeat(work, number=1, repeat=_REPEATED))


BENCHMARK = Benchmark(
    "aqi_hours_vs_copy",
    "ratio",
    "×",
    "lower",
    None,
    measure,
    runs=5,
    against="a copy of the concentrations",
    measured_in="ns/value",
)
