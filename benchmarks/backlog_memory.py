"""How much memory the collector holds at most while it empties a queue of a million messages."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import open_session
from qingchuan.service.prepare import prepare
from qingchuan.store.embedded import EmbeddedObservations
from tests.support.mosquitto import Mosquitto
from tests.support.publishes import History, messages, stations
from tests.support.sender import Sender
from tests.support.service import Service

_COUNT = 1_000_000
_STEP = 0.05
"""Between two looks. [s]"""
_PATIENCE = 150.0
"""[s]"""
_KB, _MB = 1024, 1e6


def measure(folder: Path) -> Run:
    """Largest proportional set size of the collector [MB], from its start until everything is in the store."""
    with Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        with Sender(broker.port, messages(_COUNT, 1, corrected=0), History()) as sender:
            sender.announce()
            sender.say(_COUNT)
        return Run(_largest(Service(folder, broker.port, ["collect"])))


def _largest(collector: Service) -> float:
    store = EmbeddedObservations(prepare(collector.data).observations, read_only=True)
    found, deadline = 0.0, time.monotonic() + _PATIENCE
    try:
        collector.start(wait=False)
        while sum(store.tally()) < _COUNT + len(stations()):
            found = max(found, pss(collector.process.pid))
            if time.monotonic() > deadline:
                raise RuntimeError(f"{store.tally()} of {_COUNT} messages are applied after {_PATIENCE:g} s")
            time.sleep(_STEP)
        collector.stop()
    finally:
        collector.kill()
        store.close()
    return found / _MB


def pss(pid: int) -> float:
    """Proportional set size of a process, in bytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return next(float(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * _KB


BENCHMARK = Benchmark("backlog_memory", "memory", "MB", "lower", 200, measure, runs=1)
