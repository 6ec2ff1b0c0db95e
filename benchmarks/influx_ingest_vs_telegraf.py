"""How fast a queue of Mosquitto comes into InfluxDB, by the collector and by Telegraf.

Both find the same messages in a persistent session and acknowledge what is safe: ours when it is in the journal,
Telegraf's `mqtt_consumer` when the server has it. Telegraf is tuned: as much in flight as the broker lets it have,
full batches, no compression within a machine; it stores what it is sent, without checking it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.benchmark import AbsentError, Benchmark, Run
from benchmarks.draining import COUNT, drain_ours, hours, open_session, publish_all
from benchmarks.influx_hours import influxd
from qingchuan.service.places import Places
from qingchuan.store.bookkeeping import Bookkeeping
from qingchuan.store.influx.ledger import open_ledger
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from qingchuan.store.observations import Tally
from tests.support.mosquitto import Mosquitto

_TELEGRAF = "telegraf"
_ABSENT = "no Telegraf here: set QINGCHUAN_TEST_TELEGRAF to a telegraf 1.x, or put it into PATH"
_STEP, _PATIENCE = 0.05, 120.0
"""[s]"""
_CONFIGURATION = """
[agent]
  interval = "1s"
  flush_interval = "1s"
  metric_batch_size = 5000
  metric_buffer_limit = 100000
  omit_hostname = true
  quiet = true

[[inputs.mqtt_consumer]]
  servers = ["tcp://{broker.host}:{broker.port}"]
  topics = ["qingchuan/+/+"]
  topic_tag = ""
  qos = 1
  persistent_session = true
  client_id = "telegraf"
  max_undelivered_messages = 40000
  name_override = "hours"
  data_format = "json"
  json_time_key = "end"
  json_time_format = "2006-01-02T15:04:05Z07:00"
  [[inputs.mqtt_consumer.topic_parsing]]
    topic = "+/+/+"
    tags = "_/subject/_"

[[outputs.influxdb_v2]]
  urls = ["{place.url}"]
  token = "{place.token}"
  organization = "{place.org}"
  bucket = "{place.bucket}"
  content_encoding = "identity"
"""


def measure(folder: Path) -> Run:
    """Messages a second, from the connection until the last one can be asked for in InfluxDB."""
    program = os.environ.get("QINGCHUAN_TEST_TELEGRAF") or shutil.which(_TELEGRAF)
    if not program:
        raise AbsentError(_ABSENT)
    with influxd(folder) as server, Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        open_session(broker, _TELEGRAF)
        publish_all(broker, hours())
        theirs = _drain_telegraf(program, broker, server.place("theirs"), folder)
        ours = drain_ours(broker, folder, Tally(COUNT, 0, 0), _settings(server.place("ours")), _ledger)
        return Run(ours.applied, theirs)


def _settings(place: InfluxPlace) -> dict[str, str]:
    named = {"kind": "influxdb", "url": place.url, "org": place.org, "bucket": place.bucket, "token": place.token}
    return {f"QINGCHUAN_STORE__{name.upper()}": value for name, value in named.items()}


def _ledger(places: Places) -> Bookkeeping:
    return Bookkeeping(lambda: open_ledger(places.ledger, read_only=True))


def _drain_telegraf(program: str, broker: Mosquitto, place: InfluxPlace, folder: Path) -> float:
    """Messages a second; announcements, which have no time, are not stored and not waited for."""
    stored = COUNT - sum(topic.endswith("/station") for topic, *_ in hours())
    said = len(broker.log.read_bytes())
    server = InfluxServer(place)
    with _telegraf(program, broker, place, folder) as process:
        _wait(lambda: f" as {_TELEGRAF} ".encode() in broker.log.read_bytes()[said:], process, 0.001)
        began = time.perf_counter()
        _wait(lambda: _count(server) == stored, process, _STEP)
        seconds = time.perf_counter() - began
    server.close()
    return COUNT / seconds


def _count(server: InfluxServer) -> int:
    """How many hours the server has."""
    found = server.query(['SELECT count("values_pm25") FROM "hours"'])
    return int(str(found[0].values[0][1])) if found else 0


def _wait(condition: Callable[[], bool], process: subprocess.Popen[bytes], step: float) -> None:
    """Wait until `condition` holds, looking at each `step` [s]."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Telegraf does not store what there is; it ended with {process.returncode}")
        time.sleep(step)


@contextmanager
def _telegraf(program: str, broker: Mosquitto, place: InfluxPlace, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    configuration = folder / "telegraf.conf"
    configuration.write_text(_CONFIGURATION.format(broker=broker, place=place), encoding="utf-8")
    with (folder / "telegraf.log").open("wb") as log:
        process = subprocess.Popen([program, "--config", str(configuration)], stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(_PATIENCE)


BENCHMARK = Benchmark(
    "influx_ingest_vs_telegraf",
    "ratio",
    "×",
    "higher",
    1.5,
    measure,
    runs=5,
    against="Telegraf's mqtt_consumer and influxdb_v2 output, tuned, on the same messages",
    measured_in="messages/s",
)
