"""A month of hours of 169 stations with eight items out of InfluxDB into a grid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient

from benchmarks.benchmark import Benchmark, Run
from benchmarks.influx_hours import FIRST, HOUR, ITEMS, STATIONS, SUBJECTS, hours, influxd
from benchmarks.timing import shortest
from qingchuan.store.arrays import Grid
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.queries import select, windows
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from qingchuan.store.observations import Write

_HOURS = 30 * 24
_END = FIRST + _HOURS * HOUR
_BATCH = 40 * STATIONS
_REPEATED = 5
_FLUX = """
from(bucket: "{bucket}") |> range(start: {start}, stop: {end})
  |> filter(fn: (r) => r._measurement == "observations" and r.period == "hour")
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
"""


class _Filled(NamedTuple):
    place: InfluxPlace
    store: InfluxObservations

    def grid(self) -> Grid:
        """The month, by our store."""
        return self.store.read(SUBJECTS, ITEMS, "hour", FIRST, _END)


def measure_pivot(folder: Path) -> Run:
    """Rows a second into a grid, and into the client's records by Flux pivot."""
    with _filled(folder) as filled:
        ours = shortest(filled.grid, _REPEATED)
        theirs = shortest(lambda: _pivot(filled.place), 1)
    rows = _HOURS * STATIONS
    return Run(rows / ours, rows / theirs)


def measure_server(folder: Path) -> Run:
    """Time for the grid, and for the bytes of the same answer, which are thrown away [ms]."""
    with _filled(folder) as filled:
        theirs = shortest(lambda: _bytes(filled.place), _REPEATED)
        ours = shortest(filled.grid, _REPEATED)
    return Run(ours * 1000, theirs * 1000)


@contextmanager
def _filled(folder: Path) -> Iterator[_Filled]:
    """A server with the month, and a store that has all of it."""
    with influxd(folder) as server:
        place = server.place("month")
        store = InfluxObservations(InfluxServer(place), folder / "ledger.sqlite")
        writes = [Write(*point[:2]) for point in hours(_HOURS)]
        for first in range(0, len(writes), _BATCH):
            part = writes[first : first + _BATCH]
            store.apply(part, part[-1].sequence)
        filled = _Filled(place, store)
        if np.isnan(filled.grid().values).any():
            raise RuntimeError("the grid has gaps, and every hour was written")
        yield filled
        store.close()


def _bytes(place: InfluxPlace) -> None:
    """What the server sends for the same windows, read and thrown away."""
    http = urllib3.PoolManager()
    headers = {
        "Authorization": f"Token {place.token}",
        "Content-Type": "application/vnd.influxql",
        "Accept": "application/x-msgpack",
    }
    for window in windows(STATIONS, "hour", FIRST, _END):
        body = select(SUBJECTS, ITEMS, "hour", *window).encode()
        http.request("POST", f"{place.url}/query?db={place.bucket}&epoch=s", headers=headers, body=body)
    http.clear()


def _pivot(place: InfluxPlace) -> None:
    """The same as records of the client."""
    client: Any = InfluxDBClient(place.url, place.token, org=place.org, timeout=600_000)
    tables = client.query_api().query(_FLUX.format(bucket=place.bucket, start=FIRST, end=_END))
    client.close()
    if sum(len(table.records) for table in tables) != _HOURS * STATIONS:
        raise RuntimeError("Flux finds other rows than were written")


PIVOT = Benchmark(
    "influx_grid_vs_flux_pivot",
    "ratio",
    "×",
    "higher",
    4,
    measure_pivot,
    runs=3,
    against="Flux pivot and FluxRecord of influxdb-client, a month of 169 stations with eight items",
    measured_in="rows/s",
)
SERVER = Benchmark(
    "influx_grid_vs_server",
    "ratio",
    "×",
    "lower",
    1.5,
    measure_server,
    runs=3,
    against="the bytes of the server's answers alone, read and thrown away",
    measured_in="ms",
)
