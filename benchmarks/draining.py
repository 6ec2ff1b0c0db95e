"""A queue of Mosquitto that is emptied: by the collector, and by a paho client that does nothing with it.

Both sides find the same messages in a persistent session, connect with the same settings and are processes of their
own.
"""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.service.settings import BrokerSettings
from qingchuan.simulators.publisher import Outgoing, connected, publish
from qingchuan.store.bookkeeping import Bookkeeping
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.observations import Tally
from tests.support.mosquitto import Mosquitto
from tests.support.service import Service

_STATIONS, _HOURS = 300, 200
COUNT = _STATIONS * (1 + _HOURS)
_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_ANNOUNCEMENT = '{"kind": "air-station", "name": {"zh": "站", "en": "Station"}, "city": "330200"}'.encode()
_HOUR = (
    '{{"end": "{end}", "seq": {seq}, "values": '
    '{{"so2": {so2}, "no2": {no2}, "pm10": {pm10}, "pm25": {pm25}, "co": {co:.1f}, "o3": {o3}}}}}'
)
_USUAL = {"so2": 8, "no2": 32, "pm10": 60, "co": 0.7, "o3": 70}
_STAYS, _MOVES = 0.95, 0.15
"""How much of the air's departure from the usual is left after an hour, and how much it moves in one [ln]."""
_FINE, _DISAGREES = 0.65, 0.2
"""How much of the coarse particles is fine, and how far the two instruments disagree [ln]."""
_OURS, _THEIRS = BrokerSettings().client_id, "bare"
_MICROSECONDS = 1_000_000
_PATIENCE, _STEP = 120.0, 0.002
"""[s]"""


class Ours(NamedTuple):
    """What emptying a queue came to, in messages a second.

    Attributes
    ----------
    acknowledged : float
        To the last message in the journal.
    applied : float
        To the last message in the store, which can then be asked for.
    """

    acknowledged: float
    applied: float


class Drained(NamedTuple):
    """What emptying the queue came to, in messages a second.

    Attributes
    ----------
    acknowledged, applied : float
        Of the collector, as in `Ours`.
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
            open_session(broker, client_id)
        publish_all(broker, hours())
        bare = _drain_bare(broker)
        return Drained(*drain_ours(broker, folder, Tally(COUNT, 0, 0)), bare)


def publish_all(broker: Mosquitto, messages: Iterable[Outgoing]) -> None:
    """Publish `messages`, and return when the broker has all."""
    stations = mqtt_client(BrokerSettings(), "stations", clean_session=True, manual_ack=False)
    with connected(stations, broker.host, broker.port):
        publish(messages, stations)


def open_session(broker: Mosquitto, client_id: str = _OURS) -> None:
    """Leave a subscription behind, for which the broker queues what is published."""
    client = mqtt_client(BrokerSettings(), client_id, clean_session=False, manual_ack=False)
    client.on_connect = lambda client, *_: client.subscribe("qingchuan/+/+", qos=1)
    client.on_subscribe = lambda client, *_: client.disconnect()
    client.connect(broker.host, broker.port)
    client.loop_forever()


def hours() -> Iterator[Outgoing]:
    """Announcements, not retained so that nobody gets them twice, and hours of all stations in the order of time."""
    chance = random.Random(1)
    stations = {f"{number}A": dict.fromkeys(_USUAL, 0.0) for number in range(1000, 1000 + _STATIONS)}
    for station in stations:
        yield f"qingchuan/{station}/station", _ANNOUNCEMENT, False
    for hour in range(1, 1 + _HOURS):
        end = (_FIRST + timedelta(hours=hour)).isoformat()
        for station, air in stations.items():
            yield f"qingchuan/{station}/hour", _hour(chance, air, end, hour), False


def _hour(chance: random.Random, air: dict[str, float], end: str, seq: int) -> bytes:
    """An hour after `air`, which it changes: what jumps every hour would be taken for a broken instrument."""
    for item, level in air.items():
        air[item] = _STAYS * level + chance.gauss(0, _MOVES)
    values = {item: usual * math.exp(air[item]) for item, usual in _USUAL.items()}
    values["pm25"] = values["pm10"] * _FINE * chance.lognormvariate(0, _DISAGREES)
    whole = {item: value if item == "co" else round(value) for item, value in values.items()}
    return _HOUR.format(end=end, seq=seq, **whole).encode()


def _drain_bare(broker: Mosquitto) -> float:
    command = [sys.executable, "-m", "benchmarks.bare_paho", str(broker.port), _THEIRS, str(COUNT)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=_PATIENCE).stdout)


def _embedded(places: Places) -> Bookkeeping:
    return EmbeddedObservations(places.observations, read_only=True)


def drain_ours(
    broker: Mosquitto,
    folder: Path,
    expected: Tally,
    settings: Mapping[str, str] | None = None,
    opened: Callable[[Places], Bookkeeping] = _embedded,
) -> Ours:
    """Let the collector empty the queue, of which `expected` is to become; `opened` opens what its store notes."""
    count = sum(expected)
    collector = Service(folder, broker.port, ["collect"], settings)
    places = prepare(collector.data)
    store = opened(places)
    try:
        collector.start(wait=False)
        collector.wait_until(lambda: sum(store.tally()) >= count, f"apply {count} messages", _PATIENCE, _STEP)
        applied = time.time()
        collector.stop()
    finally:
        collector.kill()
    if store.tally() != expected:
        raise RuntimeError(f"{store.tally()} became of the messages, and {expected} was to")
    store.close()
    connected, journaled = _times(places)
    return Ours(count / (journaled - connected), count / (applied - connected))


def _times(places: Places) -> tuple[float, float]:
    """When the collector was connected, and when the last message was in the journal [s since 1970-01-01 UTC]."""
    journal = JournalReader(places.journal)
    first = next(batch.received for batch in journal.read(0) if batch.messages[0].kind == "connection")
    last = journal.last_receipt(journal.head().sequence + 1, lambda message: message.kind == "mqtt")
    journal.close()
    if last is None:
        raise RuntimeError("the journal holds no message that was published")
    return first / _MICROSECONDS, last / _MICROSECONDS
