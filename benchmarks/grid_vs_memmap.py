"""How long a year of 169 cities × 8 items takes from the cube into a grid, against reading the same bytes.

Hours: values, flags and sequence numbers. The other side copies a flat file of as many bytes as these take in the cube
out of a plain memory map; both are in the page cache.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import shortest
from qingchuan.processing.periods import DAY, HOUR, day_start
from qingchuan.store.cube.cube import PAGES, Cube
from qingchuan.store.cube.cuts import Cut
from qingchuan.store.cube.manifest import Manifest, write_manifest
from qingchuan.store.cube.writer import Writer

_CITIES = tuple(f"{330000 + number}" for number in range(169))
_DECIMALS = {"so2": 0, "no2": 0, "pm10": 0, "pm25": 0, "co": 1, "o3": 0, "air_temperature": 1, "relative_humidity": 1}
_HOURS = 365 * DAY // HOUR
_START = day_start(date(2025, 1, 1))
_PERIOD = (_START, _START + _HOURS * HOUR)
_MISSING = 0.02
_REPEATED = 30
_MS = 1e3


def measure(folder: Path) -> Run:
    """Time of both [ms]."""
    cube, flat = _cube(folder / "cube"), folder / "flat"
    grid = cube.read(_CITIES, tuple(_DECIMALS), "hour", *_PERIOD)
    size = grid.values.size * (np.dtype(np.uint16).itemsize + grid.flags.itemsize) + grid.sequence.nbytes
    np.ones(size, np.uint8).tofile(flat)
    theirs = shortest(lambda: np.array(np.memmap(flat, np.uint8, "r")), _REPEATED)
    ours = shortest(lambda: cube.read(_CITIES, tuple(_DECIMALS), "hour", *_PERIOD), _REPEATED)
    return Run(ours * _MS, theirs * _MS)


def _cube(folder: Path) -> Cube:
    folder.mkdir()
    (folder / PAGES).touch()
    manifest = Manifest(sequence=1)
    manifest.give_columns("own", "hour", _CITIES)
    with Writer(folder, manifest) as writer:
        writer.put(_year())
    write_manifest(manifest, folder)
    return Cube(folder)


def _year() -> Cut:
    """Numbers as analysers tell them, some of them missing."""
    random, shape = np.random.default_rng(1), (_HOURS, len(_CITIES))
    values = np.stack([random.integers(1, 500, shape) / 10**decimals for decimals in _DECIMALS.values()])
    missing = random.random(values.shape) < _MISSING
    values[missing] = np.nan
    flags, origins = np.where(missing, np.uint8(9), np.uint8(1)), np.where(missing, np.uint8(0), np.uint8(2))
    sequence = np.ones(shape, np.int64)
    return Cut("own", "hour", *_PERIOD, _CITIES, tuple(_DECIMALS), values, flags, origins, sequence)


BENCHMARK = Benchmark(
    "grid_vs_memmap",
    "ratio",
    "×",
    "lower",
    10,
    measure,
    runs=5,
    against="copying the same bytes out of a plain memory map",
    measured_in="ms",
)
