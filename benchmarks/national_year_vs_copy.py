"""How long a year of the country takes from its hours to its ranks, against a copy of the hours.

Hourly AQI and primary pollutants, daily means and maxima, daily air quality, counts of levels, means and percentiles,
composite index and ranks of 1,700 stations.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.national_year import CUBE, PERIOD, editions, national_year
from benchmarks.timing import NS, shortest
from qingchuan.processing.air.assessment import assess

_REPEATED = 5


def measure(_folder: Path) -> Run:
    """Time of both for a concentration [ns]."""
    hours, judged_by = national_year(), editions()
    theirs = shortest(hours.copy, _REPEATED)
    ours = shortest(lambda: assess(hours, PERIOD, judged_by), _REPEATED)
    return Run(ours / hours.size * NS, theirs / hours.size * NS)


BENCHMARK = Benchmark(
    "national_year_vs_copy",
    "ratio",
    "×",
    "lower",
    15,
    measure,
    runs=5,
    against=f"a copy of the hours ({CUBE}) into a new array",
    measured_in="ns/value",
)
