"""Makes the data directory of a version that `test_upgrades.py` opens with every later one.

    python -m tests.upgrades.making CHECKOUT

runs the service of the checkout, which is of the version to be released, on a Mosquitto of its own, lets stations tell
what `told` says, asks for `FIGURES`, and packs the data and the answers as ``tests/upgrades/<version>.tar.gz``. That is
done once, when a version is released; what is packed never changes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from qingchuan.processing.periods import BEIJING
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port
from tests.support.service import clean_environment

HERE = Path(__file__).parent
CITY, FIRST, SECOND, RIVER, LAKE = "330200", "1234A", "1235A", "yaojiang", "dongqian"
FIGURES = (
    f"cities/{CITY}/days?start=2026-03-01&end=2026-04-01",
    f"cities/{CITY}/days?start=2026-03-01&end=2026-04-01&as_of=60",
    f"cities/{CITY}/good-air-rate?start=2025-01-01&end=2026-01-01",
    f"cities/{CITY}/statistics?start=2025-06-01&end=2025-07-01",
    f"cities/{CITY}/hours?start=2026-03-02T00:00:00%2B08:00&end=2026-03-04T00:00:00%2B08:00",
    f"stations/{FIRST}/hours?start=2026-03-02T00:00:00%2B08:00&end=2026-03-05T00:00:00%2B08:00",
    f"stations/{FIRST}/hours?start=2026-03-02T00:00:00%2B08:00&end=2026-03-05T00:00:00%2B08:00&as_of=100",
    f"sections/{RIVER}/classes?start=2026-03-02T00:00:00%2B08:00&end=2026-03-05T00:00:00%2B08:00",
    f"sections/{RIVER}/periods?start=2026-03-02&end=2026-03-05&by=day",
    f"sections/{LAKE}/periods?start=2026-03-01&end=2026-04-01&by=month",
    "ranking?start=2025-06-01&end=2025-07-01&by=rate",
    "alerts",
    "dead-letters",
    "collector",
    "collector/subjects",
    "stations",
)
"""What is asked for; answers about days that are over long ago, so that the day of the test does not matter."""

_NAMES = {"name": {"zh": "甲", "en": "A"}}
_PATIENCE = 60.0
"""[s]"""


def told() -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Topic below the prefix and payload of each message; retained where the topic ends with ``station``."""
    yield f"{CITY}/station", {"kind": "city", "name": {"zh": "宁波", "en": "Ningbo"}}
    for station in (FIRST, SECOND):
        yield f"{station}/station", {"kind": "air-station", **_NAMES, "city": CITY}
    yield f"{RIVER}/station", {"kind": "section", **_NAMES, "water_body": "river", "city": CITY, "target_class": 3}
    yield f"{LAKE}/station", {"kind": "section", **_NAMES, "water_body": "lake", "city": CITY}
    yield from _days()
    yield from _hours()
    yield from _readings()
    yield f"{FIRST}/hour", {"end": "2026-03-02T09:00:00+08:00", "values": {"pm25": 36, "co": 0.8}}  # a correction
    yield f"{FIRST}/hour", {"end": "2026-03-02T09:00:00+08:00", "values": {"pm25": "high", "no2": 31}}
    yield f"{FIRST}/hour", "pm25=35"
    yield "stranger/hour", {"end": "2026-03-02T09:00:00+08:00", "values": {"pm25": 35}}


def _days() -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(365):
        day = date(2025, 1, 1) + timedelta(days=number)
        pm25 = 20 + number * 37 % 90
        items = {"so2": 8, "no2": 30, "pm10": pm25 + 20, "pm25": pm25, "co": 0.7, "o3_8h": 60 + number * 53 % 120}
        yield f"{CITY}/day", {"start": f"{day}T00:00:00+08:00", "values": items}


def _hours() -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(72):
        end = (datetime(2026, 3, 2, 1, tzinfo=BEIJING) + timedelta(hours=number)).isoformat()
        for place, station in enumerate((FIRST, SECOND)):
            pm25, o3 = 20 + (number * 7 + place * 5) % 60, 40 + (number * 11 + place * 3) % 140
            items = {"so2": 8, "no2": 30 + number % 9, "pm10": pm25 + 15, "pm25": pm25, "co": 0.7, "o3": o3}
            yield f"{station}/hour", {"end": end, "values": items}


def _readings() -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(18):
        moment = (datetime(2026, 3, 2, tzinfo=BEIJING) + timedelta(hours=4 * number)).isoformat()
        worse = {"tp": 0.35 + number / 1000} if 6 <= number < 9 else {"tp": 0.05 + number / 1000}
        items = {"ph": 7.4 + number / 100, "do": 8.1, "codmn": 1.5 + number / 10, "nh3n": 0.1 + number / 100}
        yield f"{RIVER}/reading", {"time": moment, "values": items | worse}
        yield f"{LAKE}/reading", {"time": moment, "values": items | {"tp": 0.02, "tn": 0.5}}


def make(checkout: Path) -> Path:
    """Run the service of `checkout` and pack what came of it; the path of the archive."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), unused_port()
        with Mosquitto(folder / "mosquitto") as broker:
            settings = {
                "QINGCHUAN_DATA": str(folder / "data"),
                "QINGCHUAN_API__LISTEN": f"127.0.0.1:{port}",
                "QINGCHUAN_BROKER__LISTEN": f"127.0.0.1:{broker.port}",
            }
            command = [sys.executable, "-m", "qingchuan", "run"]
            service = subprocess.Popen(command, cwd=checkout, env=clean_environment(settings))
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
                _await(client, 0)
                _await(client, _publish(broker.port))
                answers = {path: client.get(f"/api/v1/{path}").raise_for_status().json() for path in FIGURES}
                version = client.get("/api/v1/openapi.json").json()["info"]["version"]
            service.terminate()
            service.wait(_PATIENCE)
        (folder / "data" / "figures.json").write_text(json.dumps(answers, ensure_ascii=False, indent=0), "utf-8")
        packed = HERE / f"{version}.tar.gz"
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(folder / "data", "data")
    return packed


def _publish(port: int) -> int:
    """Publish everything; how many messages that were."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)
    client.connect("127.0.0.1", port)
    client.loop_start()
    messages = list(told())
    for topic, payload in messages:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        sent = client.publish(f"qingchuan/{topic}", text, qos=1, retain=topic.endswith("/station"))
        sent.wait_for_publish(_PATIENCE)
    client.loop_stop()
    client.disconnect()
    return len(messages)


def _await(client: httpx.Client, received: int) -> None:
    """Wait until the service is there and has applied so many messages."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            counts = client.get("/api/v1/collector").json()
            if counts["received"] >= received and not counts["waiting"]:
                return
        except httpx.TransportError:
            continue
    raise TimeoutError(f"{received} messages were not applied within {_PATIENCE} s")


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))  # noqa: T201 - a command
