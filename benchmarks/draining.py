"""A queue of Mosquitto that is emptied: by the collector, and by a paho client that does nothing with it.

Both sides find the same messages in a persistent session, connect with the same settings and are processes of their
own.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.service.settings import BrokerSettings
from qingchuan.simulators.publisher import Outgoing, connected, publish
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal_reader import JournalReader
from tests.support.mosquitto import Mosquitto
from tests.support.service import Service

_STATIONS, _HOURS = 300, 200
_COUNT = _STATIONS * (1 + _HOURS)
_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_ANNOUNCEMENT = '{"kind": "air-station", "name": {"zh": "站", "en": "Station"}, "city": "330200"}'.encode()
_HOUR = (
    '{{"end": "{end}", "seq": {seq}, "values": '
    '{{"so2": {so2}, "no2": {no2}, "pm10": {pm10}, "pm25": {pm25}, "co": {co:.1f}, "o3": {o3}}}}}'
)
_USUAL = {"so2": 8, "no2": 32, "pm10": 60, "pm25": 38, "co": 0.7, "o3": 70}
_SIGMA = 0.6
_OURS, _THEIRS = BrokerSettings().client_id, "bare"
_MICROSECONDS = 1_000_000
_PATIENCE = 120.0
"""[s]"""


class Drained(NamedTuple):
    """What emptying the queue came to, in messages a second.

    Attributes
    ----------
    acknowledged : float
        Of the collector, to the last message in the journal.
    applied : float
        Of the collector, to the last message in the store, which can then be asked for.
    bare : float
        Of paho.
    """

    acknowledged: float
    applied: float
    bare: float


def drain(folder: Path) -> Drained:
    """Let both empty the same queue, one after the other."""
    with Mosquitto(folder / "mosquitto") as broker:
        for client_id in (_THEIRS, _OURS):
            _open_session(broker, client_id)
        stations = mqtt_client(BrokerSettings(), "stations", clean_session=True, manual_ack=False)
        with connected(stations, broker.host, broker.port):
            publish(_messages(), stations)
        bare = _drain_bare(broker)
        return Drained(*_drain_ours(broker, folder), bare)


def _open_session(broker: Mosquitto, client_id: str) -> None:
    """Leave a subscription behind, for which the broker queues what is published."""
    client = mqtt_client(BrokerSettings(), client_id, clean_session=False, manual_ack=False)
    client.on_connect = lambda client, *_: client.subscribe("qingchuan/+/+", qos=1)
    client.on_subscribe = lambda client, *_: client.disconnect()
    client.connect(broker.host, broker.port)
    client.loop_forever()


def _messages() -> Iterator[Outgoing]:
    """Announcements, not retained so that nobody gets them twice, and hours of all stations in the order of time."""
    chance = random.Random(1)
    stations = [f"{number}A" for number in range(1000, 1000 + _STATIONS)]
    for station in stations:
        yield f"qingchuan/{station}/station", _ANNOUNCEMENT, False
    for hour in range(1, 1 + _HOURS):
        end = (_FIRST + timedelta(hours=hour)).isoformat()
        for station in stations:
            yield f"qingchuan/{station}/hour", _hour(chance, end, hour), False


def _hour(chance: random.Random, end: str, seq: int) -> bytes:
    values = {item: usual * chance.lognormvariate(0, _SIGMA) for item, usual in _USUAL.items()}
    whole = {item: value if item == "co" else round(value) for item, value in values.items()}
    return _HOUR.format(end=end, seq=seq, **whole).encode()


def _drain_bare(broker: Mosquitto) -> float:
    command = [sys.executable, "-m", "benchmarks.bare_paho", str(broker.port), _THEIRS, str(_COUNT)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=_PATIENCE).stdout)


def _drain_ours(broker: Mosquitto, folder: Path) -> tuple[float, float]:
    collector = Service(folder, broker.port, ["collect"])
    places = prepare(collector.data)
    store = EmbeddedObservations(places.observations, read_only=True)
    try:
        collector.start(wait=False)
        collector.wait_until(lambda: sum(store.tally()) >= _COUNT, f"apply {_COUNT} messages", _PATIENCE)
        applied = time.time()
        collector.stop()
    finally:
        collector.kill()
    if store.tally().applied != _COUNT:
        raise RuntimeError(f"{store.tally()} became of {_COUNT} messages that all have something new to tell")
    store.close()
    connected, journaled = _times(places)
    return _COUNT / (journaled - connected), _COUNT / (applied - connected)


def _times(places: Places) -> tuple[float, float]:
    """When the collector was connected, and when the last message was in the journal [s since 1970-01-01 UTC]."""
    journal = JournalReader(places.journal)
    first = next(batch.received for batch in journal.read(0) if batch.messages[0].kind == "connection")
    last = journal.read(journal.head().sequence - 1)[-1].received
    journal.close()
    return first / _MICROSECONDS, last / _MICROSECONDS
