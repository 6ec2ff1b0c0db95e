"""The same traffic, read in bulk and read plainly, comes to the same in journal and store."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from paho.mqtt.client import Client

from qingchuan.collector.bulk import BulkClient
from qingchuan.collector.receiving import PlainClient
from qingchuan.store.rows import decode
from tests.support.certificates import certificates
from tests.support.collecting import Collecting
from tests.support.ledger import sqlite
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port
from tests.support.publishing import publishing
from tests.support.traffic import Stations, Traffic

_PATIENCE = 60.0
"""[s]"""
_KINDS = {"bulk": BulkClient, "plain": PlainClient}
_STORED = "SELECT subject, period, start, origin, items, flags FROM current ORDER BY subject, period, start"


def _both(folder: Path, port: int, authority: Path | None = None) -> dict[str, Collecting]:
    return {
        name: Collecting(folder / name, port, kind=kind, name=name, authority=authority)
        for name, kind in _KINDS.items()
    }


def _traffic(count: int) -> Traffic:
    stations = Stations(random.Random(7), int(time.time()))
    stations.talk(count)
    return stations.traffic


def _publish(client: Client, traffic: Traffic, qualities: tuple[int, ...]) -> None:
    """Every message, at a quality of service that changes from one to the next."""
    for place, (topic, payload, retained) in enumerate(traffic.messages):
        client.publish(topic, payload, qos=qualities[place % len(qualities)], retain=retained).wait_for_publish(20)


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def _wait_for(collecting: Collecting, count: int) -> None:
    _until(lambda: sum(collecting.observations.tally()) >= count)


def _subscribed(both: dict[str, Collecting]) -> None:
    _until(lambda: all(one.journal.head().sequence > 0 for one in both.values()))
    time.sleep(0.2)  # the subscription follows the connection that the journal tells of


def _stored(folder: Path) -> list[tuple[object, ...]]:
    with sqlite(folder / "observations.sqlite") as database:
        return [(*key, decode(values, flags)) for *key, values, flags in database.execute(_STORED)]


def _texts(items: object) -> dict[str, str]:
    """The numbers as they were sent; their flags are up to quality control."""
    assert isinstance(items, dict)
    return {item: text for item, (text, _) in items.items()}


def _said(collecting: Collecting) -> list[tuple[str, bytes, int]]:
    batches = collecting.journal.read(0, limit=100_000)
    messages = [message for batch in batches for message in batch.messages if message.kind == "mqtt"]
    return [(message.topic, message.payload, message.qos) for message in messages]


@pytest.mark.parametrize("secure", [False, True], ids=["plain TCP", "TLS"])
def test_both_store_the_same(tmp_path: Path, secure: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """QoS 0, 1 and 2, corrections, refusals and a payload of 300 kB, over TCP and TLS."""
    port, made = unused_port(), certificates(tmp_path / "tls") if secure else None
    more = f"listener {port} 127.0.0.1\nallow_anonymous true\n"
    if made:
        more += f"cafile {made.authority}\ncertfile {made.certificate}\nkeyfile {made.key}\n"
    traffic = _traffic(300)
    traffic.messages.append(("qingchuan/1235A/hour", b'{"values": "' + b"x" * 300_000 + b'"}', False))
    with Mosquitto(tmp_path / "mosquitto", more) as broker, publishing(broker.host, broker.port, "stations") as client:
        both = _both(tmp_path, port, made.authority if made else None)
        _subscribed(both)
        _publish(client, traffic, (1, 1, 0, 2, 1))
        for one in both.values():
            _wait_for(one, len(traffic.messages))
            one.close()
    assert _stored(tmp_path / "bulk") == _stored(tmp_path / "plain")
    told = {(key[0], key[1], key[2]): _texts(key[-1]) for key in _stored(tmp_path / "bulk")}
    assert told == {key: _texts(items) for key, items in traffic.current().items()}


def test_both_go_on_after_the_broker_was_restarted(tmp_path: Path) -> None:
    """What it had queued meanwhile comes first, and nothing twice."""
    first, second = _traffic(150), _traffic(400)
    with Mosquitto(tmp_path / "mosquitto") as broker:
        both = _both(tmp_path, broker.port)
        _subscribed(both)
        with publishing(broker.host, broker.port, "stations") as client:
            _publish(client, first, (1,))
            for one in both.values():
                _wait_for(one, len(first.messages))
                one.close()
            rest = Traffic(messages=second.messages[len(first.messages) :])
            _publish(client, rest, (1, 2))
        broker.stop()
        broker.start()
        both = _both(tmp_path, broker.port)
        for one in both.values():
            _wait_for(one, len(second.messages))
    said = {name: _said(one) for name, one in both.items()}
    for one in both.values():
        one.close()
    assert sorted(said["bulk"]) == sorted(said["plain"])
    assert _stored(tmp_path / "bulk") == _stored(tmp_path / "plain")
