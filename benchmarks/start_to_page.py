"""How long it takes from starting the service, in an empty folder, until its page can be seen."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from benchmarks.benchmark import Benchmark, Run
from tests.support.mosquitto import Mosquitto
from tests.support.service import Service


def measure(folder: Path) -> Run:
    """Time from the start to the page [s]."""
    with Mosquitto(folder / "mosquitto") as broker:
        service = Service(folder, broker.port)
        began = time.perf_counter()
        try:
            service.start(wait=False)
            service.wait_until(lambda: _shows_page(service), "show its page")
            took = time.perf_counter() - began
            service.wait_until_ready()
            service.stop()
        finally:
            service.kill()
    return Run(took)


def _shows_page(service: Service) -> bool:
    try:
        return service.client.get("/").is_success
    except httpx.TransportError:
        return False


BENCHMARK = Benchmark("start_to_page", "latency", "s", "lower", 3, measure, runs=5)
