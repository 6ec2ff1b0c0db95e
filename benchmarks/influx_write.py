"""Writing hours to InfluxDB: encoded and sent as the store sends them, and by the batching writer of the client."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import WriteOptions

from benchmarks.benchmark import Benchmark, Run
from benchmarks.influx_hours import STATIONS, hours, influxd
from benchmarks.influx_points import client_point
from qingchuan.store.influx.lines import Point, encode
from qingchuan.store.influx.server import InfluxPlace, InfluxServer

_HOURS = 400
_BATCH = 40 * STATIONS
"""As many as the collector applies together when it is behind."""
_AGAINST = "batching WriteApi with Points, 5,000 a batch"


class _Cost(NamedTuple):
    """What writing cost: time on the clock, and on the processor (of all threads) [s]."""

    wall: float
    cpu: float


def measure_cpu(folder: Path) -> Run:
    """Points of a second of our processor, of both; what the store notes beside the server is not in it."""
    ours, theirs = (_HOURS * STATIONS / cost.cpu for cost in _write(folder))
    return Run(ours, theirs)


def measure_wall(folder: Path) -> Run:
    """Points of a second, of both, until the server has the last one."""
    ours, theirs = (_HOURS * STATIONS / cost.wall for cost in _write(folder))
    return Run(ours, theirs)


def _write(folder: Path) -> tuple[_Cost, _Cost]:
    points = hours(_HOURS)
    with influxd(folder) as server:
        ours, theirs = server.place("ours"), server.place("theirs")
        cost = _cost(lambda: _by_lines(ours, points)), _cost(lambda: _by_points(theirs, points))
        counts = {_count(place) for place in (ours, theirs)}
    if counts != {len(points)}:
        raise RuntimeError(f"of {len(points)} points the server has {counts}")
    return cost


def _cost(work: Callable[[], object]) -> _Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return _Cost(time.perf_counter() - wall, time.process_time() - cpu)


def _by_lines(place: InfluxPlace, points: Sequence[Point]) -> None:
    server = InfluxServer(place)
    for first in range(0, len(points), _BATCH):
        server.write(encode(points[first : first + _BATCH]))
    server.close()


def _by_points(place: InfluxPlace, points: Sequence[Point]) -> None:
    client: Any = InfluxDBClient(place.url, place.token, org=place.org)
    writer = client.write_api(WriteOptions(batch_size=5000, flush_interval=1000))
    for point in points:
        values = {item: float(value) for item, value in json.loads(point.observation.values).items()}
        writer.write(place.bucket, place.org, client_point(point, values))
    writer.close()
    client.close()


def _count(place: InfluxPlace) -> int:
    server = InfluxServer(place)
    (series,) = server.query(['SELECT count("seq") FROM "observations"'])
    server.close()
    return int(str(series.values[0][1]))


CPU = Benchmark(
    "influx_write_cpu",
    "ratio",
    "×",
    "higher",
    8,
    measure_cpu,
    runs=3,
    against=_AGAINST,
    measured_in="points per second of the client's CPU",
)
WALL = Benchmark(
    "influx_write_wall",
    "ratio",
    "×",
    "higher",
    2,
    measure_wall,
    runs=3,
    against=_AGAINST,
    measured_in="points/s",
)
