"""How fast the collector takes a queue of Mosquitto into the store, where it can be asked for, against bare paho."""

from __future__ import annotations

from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import drain


def measure(folder: Path) -> Run:
    """Messages a second, from connection to the last message: journal, acknowledgement, decoding, embedded store."""
    drained = drain(folder)
    return Run(drained.applied, drained.bare)


BENCHMARK = Benchmark(
    "ingest_vs_bare_paho",
    "ratio",
    "×",
    "higher",
    2.5,
    measure,
    runs=7,
    against="paho with an empty on_message",
    measured_in="messages/s",
)
