"""How long it takes from publishing a reading of Class Ⅴ to the arrival of the webhook's notice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import numpy as np
from paho.mqtt.client import Client

from benchmarks.benchmark import Benchmark, Run
from benchmarks.service import PATIENCE, Service
from qingchuan.simulators.publisher import connected, publish
from tests.support.mosquitto import Mosquitto

_SECTIONS = [f"section-{number}" for number in range(120)]
_ANNOUNCEMENT = {"kind": "section", "name": {"zh": "断面", "en": "Section"}, "water_body": "river", "simulated": True}
_CLASS_V = {"ph": 7.6, "do": 7.2, "codmn": 3.1, "nh3n": 1.8, "tp": 0.12}
_PAUSE = 0.1
"""Mean time between two readings; they come at random, or all would meet the same phase of whatever looks. [s]"""
_MS = 1000.0


class Receiver(ThreadingHTTPServer):
    """Takes webhooks, and remembers of which section each was and when it came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arrived: Queue[tuple[str, float]] = Queue()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        arrived = time.perf_counter()
        self.send_response(204)
        self.end_headers()
        self.server.arrived.put((json.loads(body)["subject"]["id"], arrived))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def measure(folder: Path) -> Run:
    """The 99th percentile over readings of 120 sections [ms]."""
    with Mosquitto(folder / "mosquitto") as broker, _receiver() as receiver:
        hook = [{"name": "bench", "url": f"http://127.0.0.1:{receiver.server_port}/"}]
        with (
            Service(folder, broker, ALERTS__WEBHOOKS=json.dumps(hook)) as service,
            connected(broker.host, broker.port, "bench") as client,
        ):
            service.wait_for_page()
            publish(((_topic(section, "station"), _json(_ANNOUNCEMENT), True) for section in _SECTIONS), client)
            service.wait_for_applied(len(_SECTIONS))
            published = _publish_readings(client)
            took = [arrived - published[section] for section, arrived in _arrivals(receiver)]
    return Run(float(np.percentile(took, 99, method="higher")) * _MS)


@contextmanager
def _receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = Thread(target=receiver.serve_forever, name="receiver")
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def _publish_readings(client: Client) -> dict[str, float]:
    """When the reading of each section was published [s of `time.perf_counter`]."""
    chance = random.Random(1)
    published = {}
    for section in _SECTIONS:
        time.sleep(chance.expovariate(1 / _PAUSE))
        reading = _json({"time": datetime.now(UTC).isoformat(timespec="seconds"), "values": _CLASS_V})
        published[section] = time.perf_counter()
        client.publish(_topic(section, "reading"), reading, qos=1)
    return published


def _arrivals(receiver: Receiver) -> Iterator[tuple[str, float]]:
    for _ in _SECTIONS:
        yield receiver.arrived.get(timeout=PATIENCE)


def _topic(section: str, message: str) -> str:
    return f"qingchuan/{section}/{message}"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


BENCHMARK = Benchmark("reading_to_notice_p99", "latency", "ms", "lower", 1000, measure, runs=3)
