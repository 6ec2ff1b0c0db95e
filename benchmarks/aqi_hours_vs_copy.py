"""How long the AQI of a year of hours of 169 cities takes, against copying the concentrations. Nothing is promised."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.benchmark import Benchmark, Run
from qingchuan.processing import aqi, standards

_STANDARD = "hj633_2026"
_CITIES, _HOURS = 169, 24 * 365
_NS = 1e9


def measure(_folder: Path) -> Run:
    """Time of both for a concentration [ns]."""
    standard = standards.load(_STANDARD, standards.AirQualityIndex)
    chance = np.random.default_rng(1)
    year = {item: chance.integers(0, 200, (_HOURS, _CITIES), dtype=np.uint16) for item in standard.report("hour")}
    values = sum(hours.size for hours in year.values())
    theirs = _time(lambda: [hours.copy() for hours in year.values()])
    ours = _time(lambda: aqi.evaluate(year, "hour", standard))
    return Run(ours / values * _NS, theirs / values * _NS)


def _time(work: Callable[[], object]) -> float:
    work()  # the first call also pays for fresh memory
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
