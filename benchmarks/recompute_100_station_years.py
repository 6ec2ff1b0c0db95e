"""How long a year of 100 stations in 20 cities takes from the cube to the results, quality control and ranks included.

The hours wander as hours do, with gaps, zeros, jumps and analysers that stand still, about as often as published hours
have them. What is measured is all of ``qingchuan recompute`` but the start of Python: the plan, reading, judging,
days, indices, statistics, ranks, the files with their digests.
"""

from __future__ import annotations

import time
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.signal import lfilter

from benchmarks.benchmark import Benchmark, Run
from qingchuan.api.services import Services
from qingchuan.processing.air import key_cities
from qingchuan.processing.calendar_periods import CalendarPeriod, year_of
from qingchuan.processing.periods import DAY, HOUR, day_start
from qingchuan.service.places import Places
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.recomputing.plan import thresholds_text
from qingchuan.service.recomputing.recomputing import here, recompute
from qingchuan.service.settings import load
from qingchuan.store.cube.cube import PAGES
from qingchuan.store.cube.cuts import Cut
from qingchuan.store.cube.manifest import Manifest, write_manifest
from qingchuan.store.cube.writer import Writer
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.migrate import migrate
from qingchuan.store.observations import Observation, Write
from qingchuan.store.state import Announcement, State
from qingchuan.store.subjects import AirStation, City, Name, Subject

STATIONS = 100
CITIES = 20
PERIOD: CalendarPeriod = year_of(date(2025, 1, 1))

_BEFORE = 20
"""Days before the year: the tests look at some of them. [d]"""
_USUAL = {"so2": (8, 0), "no2": (32, 0), "pm10": (60, 0), "pm25": (38, 0), "co": (0.7, 1), "o3": (70, 0)}
"""Median, and decimals."""
_SIGMA, _MEMORY = 0.6, 0.97
_MISSING, _WILD, _STILL = 0.02, 0.0003, 0.0002
"""Shares of hours that are missing, that are zero or far off, and in which an analyser begins to stand still."""
_LONGEST = 40
"""[h]"""
_RUNS = 3
_START, _END = day_start(PERIOD.start) - _BEFORE * DAY, day_start(PERIOD.end) + DAY


def measure(folder: Path) -> Run:
    """The shortest of several, each into a new folder [s]; how much of it was work of ours in its remark."""
    places = country_in(folder / "data")
    walls, works = [], []
    with closing(open_stores(places)) as stores:
        services = services_of(stores, load(None, {}))
        for number in range(_RUNS):
            began, worked = time.perf_counter(), time.process_time()
            year(services, folder / f"out-{number}")
            walls.append(time.perf_counter() - began)
            works.append(time.process_time() - worked)
    return Run(min(walls), against=f"CPU time of it: {min(works):.2f} s")


def year(services: Services, out: Path) -> None:
    """The year, computed into a folder."""
    recompute(services, PERIOD, thresholds_text(""), out, here, Console(file=StringIO()))


def country_in(data: Path) -> Places:
    """A data directory with the cube of the year, and what has to be beside it."""
    data.mkdir()
    places = Places(data)
    cities = [city.code for city in key_cities.on(PERIOD.last)[:CITIES]]
    stations = [f"{1000 + number}A" for number in range(STATIONS)]
    subjects: dict[str, Subject] = {code: City(Name(code, code), simulated=True) for code in cities}
    for place, station in enumerate(stations):
        subjects[station] = AirStation(Name(station, station), cities[place % CITIES], simulated=True)
    migrate(places.state)
    with closing(State(places.state)) as state:
        state.record([Announcement(1, name, msgspec.json.encode(told).decode()) for name, told in subjects.items()], [])
    with closing(EmbeddedObservations(places.observations)) as store:
        first = [Observation.of(name, "hour", _START, "reported", {"co": ("0.7", 1)}) for name in stations]
        store.apply([Write(1, observation) for observation in first], 1)
    _fill_cube(places.cube, stations)
    return places


def _fill_cube(folder: Path, stations: list[str]) -> None:
    folder.mkdir()
    (folder / PAGES).touch()
    manifest = Manifest(sequence=1)
    manifest.give_columns("own", "hour", stations)
    values, hours = _hours(), (_END - _START) // HOUR
    missing = np.isnan(values)
    flags, origins = np.where(missing, np.uint8(9), np.uint8(1)), np.where(missing, np.uint8(0), np.uint8(2))
    sequence = np.ones((hours, STATIONS), np.int64)
    with Writer(folder, manifest) as writer:
        writer.put(Cut("own", "hour", _START, _END, tuple(stations), tuple(_USUAL), values, flags, origins, sequence))
    write_manifest(manifest, folder)


def _hours() -> NDArray[np.float64]:
    """Values of all items, hours and stations."""
    chance = np.random.default_rng(1)
    shape = ((_END - _START) // HOUR, STATIONS)
    made = np.empty((len(_USUAL), *shape))
    for values, (usual, decimals) in zip(made, _USUAL.values(), strict=True):
        steps = np.sqrt(1 - _MEMORY**2) * chance.standard_normal(shape)
        values[...] = np.round(usual * np.exp(_SIGMA * lfilter([1], [1, -_MEMORY], steps, axis=0)), decimals)
        for hour, station in np.argwhere(chance.random(shape) < _STILL).tolist():
            values[hour : hour + chance.integers(_LONGEST), station] = values[hour, station]
        wild = chance.random(shape) < _WILD
        values[wild] *= chance.choice([0, 8], int(wild.sum()))
        values[chance.random(shape) < _MISSING] = np.nan
    return made


BENCHMARK = Benchmark("recompute_100_station_years", "latency", "s", "lower", 1.5, measure, runs=1)
