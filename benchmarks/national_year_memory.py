"""How much memory a year of the country takes from its hours to its ranks, beside the hours themselves.

A process of its own, ``python -m benchmarks.national_year_memory``: it prints by how much its peak lies above what it
held when the hours were there, in bytes, and the size of the hours.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import psutil

from benchmarks.benchmark import Benchmark, Run
from benchmarks.national_year import CUBE, PERIOD, editions, national_year
from qingchuan.processing.air.assessment import assess

_KIB = 1024
_PATIENCE = 120.0
"""[s]"""


def measure(_folder: Path) -> Run:
    """Peak beside the hours, as a multiple of them."""
    program = [sys.executable, "-m", "benchmarks.national_year_memory"]
    told = subprocess.run(program, check=True, capture_output=True, text=True, timeout=_PATIENCE).stdout
    extra, size = map(int, told.split())
    return Run(extra / size)


def peak_beside_the_hours() -> tuple[int, int]:
    """Peak above what was held when the hours were there, and the size of the hours [bytes]."""
    hours, judged_by = national_year(), editions()
    before = psutil.Process().memory_info().rss
    assessment = assess(hours, PERIOD, judged_by)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    del assessment
    return peak - before, hours.nbytes


BENCHMARK = Benchmark(
    "national_year_memory",
    "memory",
    "×",
    "lower",
    3,
    measure,
    runs=3,
    against=f"the hours themselves ({CUBE})",
)

if __name__ == "__main__":
    print(*peak_beside_the_hours())
