"""How fast observations become lines for InfluxDB, against `Point` and its `to_line_protocol` of influxdb-client."""

from __future__ import annotations

from pathlib import Path

from influxdb_client.domain.write_precision import WritePrecision

from benchmarks.benchmark import Benchmark, Run
from benchmarks.influx_hours import hours
from benchmarks.influx_points import client_point, values_of
from benchmarks.timing import shortest
from qingchuan.store.influx.lines import encode

_HOURS = 60
_REPEATED = 7


def measure(_folder: Path) -> Run:
    """Points a second of both; the client is given numbers that are read already, ours are texts as they were sent."""
    points = hours(_HOURS)
    numbers = values_of(points)

    def theirs() -> list[str]:
        return [
            client_point(point, values).to_line_protocol(WritePrecision.S)
            for point, values in zip(points, numbers, strict=True)
        ]

    ours = shortest(lambda: encode(points), _REPEATED)
    return Run(len(points) / ours, len(points) / shortest(theirs, _REPEATED))


BENCHMARK = Benchmark(
    "line_protocol_vs_point",
    "ratio",
    "×",
    "higher",
    5,
    measure,
    runs=5,
    against="Point and to_line_protocol of influxdb-client, eight items a point",
    measured_in="points/s",
)
