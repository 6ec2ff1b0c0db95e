"""How long it takes from publishing a reading of Class Ⅴ to the arrival of the webhook's notice."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from paho.mqtt.client import Client

from benchmarks.benchmark import Benchmark, Run
from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.settings import BrokerSettings
from qingchuan.simulators.publisher import connected, publish
from tests.support.mosquitto import Mosquitto
from tests.support.receiver import Receiver
from tests.support.service import Service

_SECTIONS = [f"section-{number}" for number in range(120)]
_ANNOUNCEMENT = {"kind": "section", "name": {"zh": "断面", "en": "Section"}, "water_body": "river", "simulated": True}
_CLASS_V = {"ph": 7.6, "do": 7.2, "codmn": 3.1, "nh3n": 1.8, "tp": 0.12}
_PAUSE = 0.1
"""Mean time between two readings; they come at random, or all would meet the same phase of whatever looks. [s]"""
_MS = 1000.0


def measure(folder: Path) -> Run:
    """The 99th percentile over readings of 120 sections [ms]."""
    with Mosquitto(folder / "mosquitto") as broker, Receiver() as receiver:
        client = mqtt_client(BrokerSettings(), "stations", clean_session=True, manual_ack=False)
        settings = {"QINGCHUAN_ALERTS__WEBHOOKS": json.dumps([{"name": "bench", "url": receiver.url}])}
        with (
            Service(folder, broker.port, settings=settings) as service,
            connected(client, broker.host, broker.port),
        ):
            publish(((_topic(section, "station"), _json(_ANNOUNCEMENT), True) for section in _SECTIONS), client)
            service.wait_until_applied(len(_SECTIONS))
            published = _publish_readings(client)
            posts = receiver.wait(len(_SECTIONS))
    took = [post.at - published[post.body["subject"]["id"]] for post in posts]
    return Run(float(np.percentile(took, 99, method="higher")) * _MS)


def _publish_readings(client: Client) -> dict[str, float]:
    """When the reading of each section was published [s of `time.monotonic`]."""
    chance = random.Random(1)
    published = {}
    for section in _SECTIONS:
        time.sleep(chance.expovariate(1 / _PAUSE))
        reading = _json({"time": datetime.now(UTC).isoformat(timespec="seconds"), "values": _CLASS_V})
        published[section] = time.monotonic()
        client.publish(_topic(section, "reading"), reading, qos=1)
    return published


def _topic(section: str, message: str) -> str:
    return f"qingchuan/{section}/{message}"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


BENCHMARK = Benchmark("reading_to_notice_p99", "latency", "ms", "lower", 1000, measure, runs=3)
