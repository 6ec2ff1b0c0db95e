"""How much memory the service holds when it has started and somebody has looked at the live page once."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from benchmarks.benchmark import Benchmark, Run
from tests.support.mosquitto import Mosquitto
from tests.support.service import Service

_SETTLED = 3.0
"""How long nothing has happened when we measure. [s]"""
_MB = 1e6
_EVENTS = 3
"""A page is sent air, water and alerts when it connects."""


def measure(folder: Path) -> Run:
    """Sum over supervisor, collector, and web and work, of their proportional set size [MB]."""
    with Mosquitto(folder / "mosquitto") as broker, Service(folder, broker.port) as service:
        _look(service)
        time.sleep(_SETTLED)
        supervisor = psutil.Process(service.process.pid)
        family = [supervisor, *supervisor.children(recursive=True)]
        return Run(sum(process.memory_full_info().pss for process in family) / _MB)


def _look(service: Service) -> None:
    """Ask for what the live page asks for."""
    service.client.get("/").raise_for_status()
    with service.client.stream("GET", "/api/v1/events") as answer:
        events = (line for line in answer.iter_lines() if line.startswith("event:"))
        for _ in range(_EVENTS):
            next(events)


BENCHMARK = Benchmark("idle_memory", "memory", "MB", "lower", 250, measure, runs=3)
