"""How long it takes from starting the service, in an empty folder, until its page can be seen."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.service import Service
from tests.support.mosquitto import Mosquitto


def measure(folder: Path) -> Run:
    """Time from the start to the page [s]."""
    with Mosquitto(folder / "mosquitto") as broker:
        service = Service(folder, broker)
        began = time.perf_counter()
        with service:
            service.wait_for_page()
            return Run(time.perf_counter() - began)


BENCHMARK = Benchmark("start_to_page", "latency", "s", "lower", 3, measure, runs=5)
