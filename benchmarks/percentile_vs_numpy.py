"""How long a percentile of 365 days takes at 1,700 stations, against ``numpy.nanpercentile``; sorting is in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.air_hours import STATIONS, cube
from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import shortest
from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.scaled import from_scaled

_DAYS = 365
_PERCENT = 90
_REPEATED = 5


def measure(_folder: Path) -> Run:
    """Rate of both [values/s]; each has its days as it likes them: uint16 here, floats with NaN there."""
    days = np.ascontiguousarray(cube(_DAYS, STATIONS)[-1].T)
    floats = from_scaled(days, 0)
    theirs = shortest(lambda: np.nanpercentile(floats, _PERCENT, axis=1), _REPEATED)
    ours = shortest(lambda: percentile(ordered(days), _PERCENT), _REPEATED)
    return Run(days.size / ours, days.size / theirs)


BENCHMARK = Benchmark(
    "percentile_vs_numpy",
    "ratio",
    "×",
    "higher",
    30,
    measure,
    runs=5,
    against=f"numpy.nanpercentile of {STATIONS:,} rows of {_DAYS} float64",
    measured_in="values/s",
)
