"""How fast the collector takes a queue of Mosquitto into the store, against the loop that tutorials show.

That loop decodes with `json` and hands a `Point` to the batching writer of influxdb-client, which writes to a real
InfluxDB where there is one (`QINGCHUAN_TEST_INFLUXD` names it, or it is in PATH). Else it writes to a stand-in that
takes everything and stores nothing. Ours stores, in the store that is the default.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import COUNT, drain_ours, hours, open_session, publish_all
from benchmarks.tutorial_servers import Target, server
from qingchuan.store.observations import Tally
from tests.support.mosquitto import Mosquitto

_TUTORIAL = "tutorial"
_PATIENCE = 120.0
"""[s]"""
_AGAINST = "json and the batching writer of influxdb-client"


def measure(folder: Path) -> Run:
    """Messages a second, from connection to the last message in the store."""
    pytest.importorskip("influxdb_client", reason="influxdb-client is not installed; it belongs to the group dev")
    with Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        open_session(broker, _TUTORIAL)
        publish_all(broker, hours())
        with server(folder) as target:
            theirs = _tutorial(broker.port, target)
        ours = drain_ours(broker, folder, Tally(COUNT, 0, 0))
        return Run(ours.applied, theirs, f"{_AGAINST}, with {target.name}")


def _tutorial(port: int, target: Target) -> float:
    """Messages a second, until the server has all of them."""
    place = target.url, target.token, target.org, target.bucket
    command = [sys.executable, "-m", "benchmarks.tutorial", str(port), _TUTORIAL, str(COUNT), *place]
    rate = float(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=_PATIENCE).stdout)
    if (arrived := target.points()) != COUNT:
        raise RuntimeError(f"{arrived} of {COUNT} points arrived at {target.name}")
    return rate


BENCHMARK = Benchmark(
    "ingest_vs_tutorial",
    "ratio",
    "×",
    "higher",
    8,
    measure,
    runs=3,
    against=_AGAINST,
    measured_in="messages/s",
)
