"""The collector journals why it had no connection, against a real Mosquitto."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qingchuan.store import traces
from qingchuan.store.traces import Window
from tests.support.collecting import Collecting
from tests.support.mosquitto import Mosquitto
from tests.support.publishing import publishing

STATION = b'{"kind":"air-station","name":{"zh":"\xe4\xb8\x87","en":"Wan"},"city":"330200"}'


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about within fifteen seconds")


def _windows(running: Collecting) -> list[Window]:
    return traces.windows(running.state.engine)[::-1]


def _connections(running: Collecting) -> int:
    messages = [message for row in running.journal.rows() for message in row.batch().messages]
    return sum(message.kind == "connection" for message in messages)


def test_a_broker_that_is_restarted_leaves_one_window_however_often_it_was_tried(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next connection ends it; the session was saved, so nothing may be lost besides."""
    running = Collecting(tmp_path / "data", mosquitto.port)
    _until(lambda: _connections(running) == 1)
    attempts: list[int] = []
    connect = running._client.connect

    def counted(*given: object) -> object:
        attempts.append(1)
        return connect(*given)  # type: ignore[arg-type]  # those of paho, whatever they are

    monkeypatch.setattr(running._client, "connect", counted)
    mosquitto.stop()
    _until(lambda: [(one.kind, one.end) for one in _windows(running)] == [("broker-away", None)])
    _until(lambda: len(attempts) > 1)
    mosquitto.start()
    _until(lambda: _connections(running) == 2)
    _until(lambda: _windows(running)[0].end is not None)
    (window,) = _windows(running)
    assert window.end is not None
    assert window.begin < window.end
    assert window.reason
    running.close()


def test_a_broker_that_lost_the_session_leaves_a_window_of_possible_loss(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Killed, it has saved nothing."""
    running = Collecting(tmp_path / "data", mosquitto.port)
    _until(lambda: _connections(running) == 1)
    mosquitto.kill()
    _until(lambda: len(_windows(running)) == 1)
    mosquitto.start()
    _until(lambda: len(_windows(running)) == 2)
    away, lost = _windows(running)
    assert (away.kind, lost.kind) == ("broker-away", "no-session")
    assert lost.end is not None
    assert lost.begin <= away.begin < lost.end == away.end
    running.close()


def test_a_broker_that_is_not_there_at_a_start_is_away(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """From the first attempt on."""
    mosquitto.stop()
    running = Collecting(tmp_path / "data", mosquitto.port)
    _until(lambda: [one.kind for one in _windows(running)] == ["broker-away"])
    assert "refused" in _windows(running)[0].reason
    running.close()


def test_a_stop_is_told_and_applied_and_no_fault_of_the_broker(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The window of the next start then begins with it."""
    running = Collecting(tmp_path / "data", mosquitto.port)
    _until(lambda: _connections(running) == 1)
    running.stop()
    last = running.journal.read(running.journal.head().sequence - 1)[-1].messages[-1]
    assert (last.kind, last.payload) == ("disconnection", b'{"cause":"stop","reason":"told to stop"}')
    assert running.observations.sequence() == running.journal.head().sequence
    assert _windows(running) == []
    running.close()


def test_a_journal_that_could_take_nothing_is_no_fault_of_the_broker(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is told together with the connection that follows, when there is room again."""
    running = Collecting(tmp_path / "data", mosquitto.port)
    _until(lambda: _connections(running) == 1)
    monkeypatch.setattr(running.journal, "_least_free", 2**62)
    with publishing("127.0.0.1", mosquitto.port, "station") as client:
        client.publish("qingchuan/1235A/station", STATION, qos=1, retain=True).wait_for_publish(10)
    _until(lambda: not running.connected())
    monkeypatch.undo()
    _until(lambda: _connections(running) == 2)
    _until(lambda: any(one.end is not None for one in _windows(running)))
    assert [one.kind for one in _windows(running)] == ["service-away"]
    running.close()
