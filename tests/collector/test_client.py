"""The collector against a real Mosquitto."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from qingchuan.store.journal import Journal
from qingchuan.store.observations import Tally
from qingchuan.store.verify import verify
from tests.support.collecting import Collecting
from tests.support.mosquitto import Mosquitto

STATION = b'{"kind":"air-station","name":{"zh":"\xe4\xb8\x87","en":"Wan"},"city":"330200"}'


def _hour(hour: int, value: int = 35) -> bytes:
    return f'{{"start":"2026-03-01T{hour:02}:00:00Z","values":{{"pm25":{value}}}}}'.encode()


@pytest.fixture
def publish(mosquitto: Mosquitto) -> Iterator[Callable[..., None]]:
    """Publishes at QoS 1 and waits for the broker's acknowledgement."""
    client = Client(CallbackAPIVersion.VERSION2, "station")
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()

    def send(topic: str, payload: bytes, *, retain: bool = False) -> None:
        client.publish(f"qingchuan/{topic}", payload, qos=1, retain=retain).wait_for_publish(10)

    yield send
    client.disconnect()
    client.loop_stop()


def _announced(folder: Path, port: int, publish: Callable[..., None]) -> Collecting:
    """A collector that has subscribed, and knows the station."""
    running = Collecting(folder, port)
    publish("1235A/station", STATION, retain=True)
    _until(lambda: sum(running.observations.tally()) == 1)
    return running


def _publish_a_day_while_it_is_away(folder: Path, port: int, publish: Callable[..., None]) -> None:
    """24 hours wait in the session of a collector that was there before."""
    _announced(folder, port, publish).close()
    for hour in range(24):
        publish("1235A/hour", _hour(hour))


def _one_connection(folder: Path, port: int, send: Callable[[], None], expected: int) -> None:
    """Collect until what the broker retains and what `send` publishes have come."""
    running = Collecting(folder, port)
    _until(lambda: sum(running.observations.tally()) >= expected - 1)
    send()
    _until(lambda: sum(running.observations.tally()) == expected)
    running.close()


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about within ten seconds")


def test_what_is_published_is_stored_and_a_payload_that_is_not_json_costs_only_itself(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None]
) -> None:
    """The way from the broker into the store."""
    running = _announced(tmp_path, mosquitto.port, publish)
    publish("1235A/hour", b"pm25=35")
    publish("1235A/hour", _hour(0))
    _until(lambda: sum(running.observations.tally()) == 3)
    assert running.observations.tally() == Tally(applied=2, dead_letter=1)
    assert running.journal.from_stations() == 3
    running.close()


def test_what_arrives_while_the_collector_is_away_is_stored_when_it_is_back(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None]
) -> None:
    """The session is persistent."""
    _publish_a_day_while_it_is_away(tmp_path, mosquitto.port, publish)
    running = Collecting(tmp_path, mosquitto.port)
    _until(lambda: running.observations.tally().applied == 25)
    assert verify(running.journal).damage == ()
    running.close()


def test_a_queue_comes_in_batches_of_the_size_that_is_set(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None]
) -> None:
    """However much is there to be read, a row of the journal holds no more."""
    _publish_a_day_while_it_is_away(tmp_path, mosquitto.port, publish)
    running = Collecting(tmp_path, mosquitto.port, batch=10)
    _until(lambda: running.observations.tally().applied == 25)
    assert max(row.size for row in running.journal.rows()) == 10
    running.close()


def test_a_retained_message_is_journaled_once_however_often_it_is_delivered(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None]
) -> None:
    """A broker delivers it again at each connection."""
    publish("1235A/station", STATION, retain=True)
    publish("1235A/hour", _hour(0), retain=True)
    publish("1235A/nonsense", b"{}", retain=True)
    for hour in (1, 2, 3):
        _one_connection(tmp_path, mosquitto.port, partial(publish, "1235A/hour", _hour(hour), retain=True), hour + 3)
    journal = Journal(tmp_path / "journal", lambda: 0)
    assert journal.from_stations() == 6
    journal.close()


def test_nothing_is_acknowledged_that_the_journal_could_not_take(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker keeps it, and it is stored when there is room."""
    running = _announced(tmp_path, mosquitto.port, publish)
    refused = Event()

    def fail(_row: object) -> None:
        refused.set()
        raise OSError("no space left on device")

    monkeypatch.setattr(running.journal, "_insert", fail)
    publish("1235A/hour", _hour(0))
    assert refused.wait(10)
    monkeypatch.undo()
    _until(lambda: running.observations.tally().applied == 2)
    running.close()


def test_while_the_store_is_away_the_journal_takes_everything(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Applying resumes in order when it is back."""
    running = _announced(tmp_path, mosquitto.port, publish)
    with monkeypatch.context() as away:
        away.setattr(running.observations, "apply", _away)
        for hour in range(5):
            publish("1235A/hour", _hour(hour))
        _until(lambda: running.journal.from_stations() == 6)
        assert running.observations.tally() == Tally(applied=1)
    _until(lambda: running.observations.tally().applied == 6)
    running.close()


def _away(*_: object) -> None:
    raise OSError("the store is away")


def test_with_a_full_disk_nothing_is_acknowledged_and_all_of_it_comes_when_there_is_room(
    tmp_path: Path, mosquitto: Mosquitto, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker keeps it; what is in the journal already goes on being applied."""
    running = _announced(tmp_path, mosquitto.port, publish)
    monkeypatch.setattr(running.journal, "_least_free", 2**62)
    for hour in range(3):
        publish("1235A/hour", _hour(hour))
    _until(lambda: not running.connected())
    assert running.journal.from_stations() == 1
    monkeypatch.undo()
    _until(lambda: running.observations.tally() == Tally(applied=4))
    assert running.journal.from_stations() == 4
    running.close()
