"""How long the classes of a million samples of 21 items take, against copying them: float64, 168 MB, item by item.

A run takes the class of every item, the class of the section and the items that decide it. At most three times the copy
is promised.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.benchmark import Benchmark, Run
from qingchuan.processing import standards
from qingchuan.processing.standards import SurfaceWaterClasses
from qingchuan.processing.water.classes import item_classes, section_class

_STANDARD, _MEASURES = "gb3838_2002", "hb2011_22"
_SAMPLES = 1_000_000
_BEYOND = 1.2
"""Values reach so many times the largest limit, so that all classes occur."""
_REPEATED = 5
_NS = 1e9


def measure(_folder: Path) -> Run:
    """Time of both for a value [ns]."""
    standard = standards.load(_STANDARD, SurfaceWaterClasses)
    items = standards.load(_MEASURES, standards.WaterStatus).indicators.items
    chance = np.random.default_rng(1)
    values = np.stack([chance.uniform(0, _largest(item, standard), _SAMPLES) for item in items])
    there = np.empty_like(values)
    theirs = _time(lambda: np.copyto(there, values))
    ours = _time(lambda: section_class(item_classes(values, items, "river", standard)))
    return Run(ours / values.size * _NS, theirs / values.size * _NS)


def _largest(item: str, standard: SurfaceWaterClasses) -> float:
    row = standard.limit(item, "river")
    return _BEYOND * max(row.limits) if row else 1


def _time(work: Callable[[], object]) -> float:
    """The shortest of several times [s]: the first also pays for fresh memory."""
    return min(timeit.repeat(work, number=1, repeat=_REPEATED))


BENCHMARK = Benchmark(
    "water_class_vs_copy",
    "ratio",
    "×",
    "lower",
    3.0,
    measure,
    runs=5,
    against="a float64 copy of 1,000,000 samples of 21 items (168 MB)",
    measured_in="ns/value",
)
