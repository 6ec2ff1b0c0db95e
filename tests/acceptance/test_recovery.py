"""Starting again after damage to a file, an older copy of one, or a stop of the broker."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qingchuan.service.places import Places
from tests.support.ledger import check, counts, is_applied, journaled, names
from tests.support.mosquitto import Mosquitto
from tests.support.service import AS_TOLD, Service, qingchuan
from tests.support.speaker import Speaker
from tests.support.tap import Tap
from tests.support.traffic import Stations, Traffic

_WAL_HEADER, _FRAME_HEADER = 32, 24


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Service]:
    """A collector; it is ended at the end, if it still runs."""
    service = Service(tmp_path / "service", mosquitto.port, ["collect"], AS_TOLD)
    yield service
    service.kill()


def _traffic(count: int) -> Traffic:
    stations = Stations(random.Random(7), int(time.time()))
    stations.talk(count)
    return stations.traffic


def _wait_until_received(service: Service, count: int) -> None:
    service.wait_until(
        lambda: counts(service.data).received >= count and not counts(service.data).waiting, f"take in {count} messages"
    )


def _published(traffic: Traffic) -> set[tuple[str, bytes]]:
    return {(topic, payload) for topic, payload, _ in traffic.messages}


def test_a_flipped_bit_in_the_log_of_the_journal_is_noticed_and_a_start_goes_on_only_where_told(
    service: Service, mosquitto: Mosquitto
) -> None:
    """SQLite takes the part of a write-ahead log before the damage for the whole, and says nothing."""
    traffic = _traffic(200)
    service.start()
    with Speaker(mosquitto.port, traffic.messages) as speaker:
        for _ in range(4):
            speaker.say(50)
            time.sleep(0.1)  # so that the journal has several rows
        service.wait_until(lambda: counts(service.data).received >= 200, "take in 200 messages")
        service.kill()
        _flip_a_bit_in_the_middle(Places(service.data).journal / "journal.sqlite-wal")
        refused = qingchuan("collect", environment=service.environment)
        assert refused.returncode == 1
        assert "had been acknowledged; restore the journal from a backup, or start with --accept-loss" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert qingchuan("verify", environment=service.environment).returncode == 1
        left = len(journaled(service.data))
        assert left < 200
        service.start("--accept-loss")
        speaker.say()
        service.wait_until(lambda: len(journaled(service.data)) >= left + 8, "take in 8 messages more")
        service.wait_until(lambda: is_applied(service.data), "apply them")
    service.stop()
    assert counts(service.data).waiting == 0
    assert set(names(service.data)) == set(traffic.names)
    assert {(message.topic, message.payload) for message in journaled(service.data)} >= {
        (topic, payload) for topic, payload, _ in traffic.messages[200:]
    }
    assert "whole" in service.command("verify").stdout


def _flip_a_bit_in_the_middle(log: Path) -> None:
    content = bytearray(log.read_bytes())
    assert len(content) > 3 * (_FRAME_HEADER + 16_384), f"{log} is too short to be damaged in its middle"
    content[_WAL_HEADER + _FRAME_HEADER + len(content) // 2] ^= 16
    log.write_bytes(content)


def test_a_store_that_comes_from_an_older_copy_catches_up_from_the_journal(
    service: Service, mosquitto: Mosquitto
) -> None:
    """Nothing is lost, and nothing is counted that was counted before."""
    traffic = _traffic(400)
    with Speaker(mosquitto.port, traffic.messages) as speaker:
        service.start()
        speaker.say(150)
        _wait_until_received(service, 150)
        service.stop()
        store = Places(service.data).observations
        copy = store.with_suffix(".copy")
        shutil.copyfile(store, copy)
        service.start()
        speaker.say(150)
        _wait_until_received(service, 300)
        service.kill()
        for name in store.parent.glob(f"{store.name}*"):
            name.unlink()
        copy.rename(store)
        assert counts(service.data).waiting > 100
        service.start()
        speaker.say()
        _wait_until_received(service, len(traffic.messages))
    service.stop()
    check(service.data, traffic, _published(traffic))
    service.command("verify")


def test_a_collector_connects_again_by_itself_when_mosquitto_was_stopped_and_started(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Stopped in the middle of a queue that it is delivering; it saves on a clean stop, and everything arrives."""
    traffic = _traffic(3000)
    with Tap(mosquitto.port) as tap, Speaker(mosquitto.port, traffic.messages) as speaker:
        service = Service(tmp_path / "service", tap.port, ["collect"], AS_TOLD)
        service.start()
        service.stop()
        speaker.say(2500)
        service.start(wait=False)
        assert tap.wait_for(lambda: len(tap.acknowledged) >= 500, within=30)
        mosquitto.stop()
        time.sleep(0.7)  # so that it tries in vain at least once
        mosquitto.start()
        speaker.say()
        expected = _published(traffic)
        assert tap.wait_for(lambda: expected == {(seen.topic, seen.payload) for seen in tap.acknowledged}, within=30)
        _wait_until_received(service, len(traffic.messages))
        service.stop()
    assert tap.connections >= 3
    check(service.data, traffic, {(seen.topic, seen.payload) for seen in tap.acknowledged})
    service.command("verify")
