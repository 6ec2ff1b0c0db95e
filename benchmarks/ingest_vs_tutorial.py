"""How fast the collector takes a queue of Mosquitto into the store, against the loop that tutorials show.

That loop decodes with `json` and hands a `Point` to the batching writer of influxdb-client. Its server is a stub that
takes everything and stores nothing, so it costs next to nothing; ours stores.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import COUNT, drain_ours, hours, open_session, publish_all
from qingchuan.store.observations import Tally
from tests.support.mosquitto import Mosquitto

_TUTORIAL = "tutorial"
_PATIENCE = 120.0
"""[s]"""


def measure(folder: Path) -> Run:
    """Messages a second, from connection to the last message in the store."""
    pytest.importorskip("influxdb_client", reason="influxdb-client is not installed; it belongs to the group dev")
    with Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        open_session(broker, _TUTORIAL)
        publish_all(broker, hours())
        theirs = _tutorial(broker.port)
        return Run(drain_ours(broker, folder, Tally(COUNT, 0, 0)).applied, theirs)


def _tutorial(port: int) -> float:
    stub = [sys.executable, "-m", "benchmarks.silent_influx"]
    with subprocess.Popen(stub, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = next(iter(server.stdout or ())).strip()
            command = [sys.executable, "-m", "benchmarks.tutorial", str(port), _TUTORIAL, str(COUNT), url]
            return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=_PATIENCE).stdout)
        finally:
            server.terminate()


BENCHMARK = Benchmark(
    "ingest_vs_tutorial",
    "ratio",
    "×",
    "higher",
    8,
    measure,
    runs=3,
    against="json and the batching writer of influxdb-client, with a server that costs nothing (which favours it)",
    measured_in="messages/s",
)
