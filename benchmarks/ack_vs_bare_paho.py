"""How fast the collector brings a queue of Mosquitto to safety and acknowledges it, against bare paho."""

from __future__ import annotations

from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import drain


def measure(folder: Path) -> Run:
    """Messages a second, from connection to the last message in the journal, synced; applying goes on in between."""
    drained = drain(folder)
    return Run(drained.acknowledged, drained.bare)


BENCHMARK = Benchmark(
    "ack_vs_bare_paho",
    "ratio",
    "×",
    "higher",
    4,
    measure,
    runs=7,
    against="paho with an empty on_message",
    measured_in="messages/s",
)
