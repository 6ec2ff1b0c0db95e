"""How many sections a second the seasonal Mann–Kendall test with Sen's slope takes, against pymannkendall."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymannkendall
from numpy.typing import NDArray

from benchmarks.benchmark import Benchmark, Run
from qingchuan.processing.trend.mann_kendall import seasonal_mann_kendall

_SECTIONS, _YEARS, _MONTHS = 3600, 10, 12
_MISSING = 0.05
_SAMPLE = 100
_ALPHA = 0.05
_REPEATED = 5


def measure(_folder: Path) -> Run:
    """Rate of both [sections/s]; pymannkendall, which takes one at a time, on a sample of the same sections."""
    values = _values()
    sample = values[:_SAMPLE]
    ours = _time(lambda: seasonal_mann_kendall(values, _MONTHS, _ALPHA))
    theirs = _time(lambda: [pymannkendall.seasonal_test(section, _MONTHS, _ALPHA) for section in sample])
    return Run(_SECTIONS / ours, _SAMPLE / theirs)


def _values() -> NDArray[np.float64]:
    """Monthly values with one decimal, as of permanganate index: many ties, some missing."""
    chance = np.random.default_rng(1)
    values = np.round(chance.lognormal(1, 0.5, (_SECTIONS, _YEARS * _MONTHS)), 1)
    values[chance.random(values.shape) < _MISSING] = np.nan
    return values


def _time(work: Callable[[], object]) -> float:
    """The shortest of several times [s]: the first also pays for fresh memory."""
    return min(timeit.repeat(work, number=1, repeat=_REPEATED))


BENCHMARK = Benchmark(
    "smk_vs_pymannkendall",
    "ratio",
    "×",
    "higher",
    200,
    measure,
    runs=5,
    against=f"pymannkendall.seasonal_test, {_SECTIONS:,} sections × {_YEARS} years of months (a sample of {_SAMPLE})",
    measured_in="sections/s",
)
