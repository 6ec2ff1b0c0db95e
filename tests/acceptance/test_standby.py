"""Two collectors: one stands by for the other, both share the load, or both have one name by mistake."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from qingchuan.service.lock import holders
from qingchuan.service.places import Places
from tests.support.history import judge, stored
from tests.support.ledger import counts
from tests.support.mosquitto import Mosquitto
from tests.support.publishes import History, messages, stations
from tests.support.sender import Sender
from tests.support.service import Service, qingchuan

_COUNT = 3000
_SETTLED = 1.0
"""[s]"""


def _standby(folder: Path, port: int) -> Service:
    service = Service(folder, port, ["collect", "--standby"])
    service.log = folder / "log-of-the-standby"
    service.start(wait=False)
    service.wait_until(lambda: "standing by" in service.told(), "stand by")
    return service


def test_a_standby_says_so_does_nothing_and_ends_with_ctrl_c(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The doctor sees it, and the metrics count it."""
    with Service(tmp_path, mosquitto.port) as service:
        standby = _standby(tmp_path, mosquitto.port)
        assert holders(Places(service.data).standby) == [standby.process.pid]
        metrics = service.client.get("/metrics").text
        assert 'qingchuan_collectors{role="working"} 1.0' in metrics
        assert 'qingchuan_collectors{role="standby"} 1.0' in metrics
        assert "; 1 standing by" in qingchuan("doctor", "--json", environment=service.environment).stdout
        standby.stop()
        assert "taking over" not in standby.told()
        assert 'qingchuan_collectors{role="standby"} 0.0' in service.client.get("/metrics").text


def test_a_service_whose_collector_a_standby_replaced_goes_on(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """It starts its own again, which stands by in its turn; the pages never stop."""
    with Service(tmp_path, mosquitto.port) as service:
        places = Places(service.data)
        standby = _standby(tmp_path, mosquitto.port)
        (working,) = holders(places.lock)
        psutil.Process(working).kill()
        service.wait_until(lambda: holders(places.lock) not in ([], [working]), "be replaced")
        service.wait_until(lambda: len(holders(places.standby)) == 1, "let the other stand by")
        time.sleep(_SETTLED)
        assert "process ended" in service.told()
        assert service.is_well()
        standby.stop()


def test_two_collectors_with_topics_of_their_own_take_in_everything_once_together(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Each with a data directory, a client id and half of the stations."""
    subjects = [topic.split("/")[1] for topic, _ in stations()]
    halves = (subjects[::2], subjects[1::2])
    collectors = [_sharing(tmp_path / f"half-{number}", mosquitto.port, half) for number, half in enumerate(halves)]
    history = History()
    with Sender(mosquitto.port, messages(_COUNT, 1), history) as sender:
        sender.announce()
        sender.say(_COUNT)
    for collector, half in zip(collectors, halves, strict=True):
        expected = len(half) + sum(one.key[0] in half for one in history.publishes)
        collector.wait_until(lambda told=(collector, expected): _applied(*told), f"apply {expected} messages")  # type: ignore[misc]
        collector.stop()
    together = stored(*(collector.data for collector in collectors))
    found = judge(history, together)
    assert found.holds(), found
    assert set(together.received.values()) == {1}


def _sharing(folder: Path, port: int, subjects: list[str]) -> Service:
    topics = ", ".join(f'"qingchuan/{subject}/+"' for subject in subjects)
    settings = {"QINGCHUAN_COLLECTOR__TOPICS": f"[{topics}]", "QINGCHUAN_BROKER__CLIENT_ID": folder.name}
    collector = Service(folder, port, ["collect"], settings)
    collector.start()
    return collector


def _applied(collector: Service, expected: int) -> bool:
    return counts(collector.data).applied == expected


def test_two_collectors_with_one_client_id_are_told_apart_from_a_bad_line(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """The broker lets one of them in at a time; log and doctor say what is the matter."""
    one, other = (Service(tmp_path / name, mosquitto.port, ["collect"]) for name in ("one", "other"))
    one.start()
    other.start()
    one.wait_until(lambda: "connection lost again and again" in one.told(), "notice the other", 90)
    other.stop()
    told = qingchuan("doctor", environment=one.environment).stdout
    one.stop()
    assert "another collector may use qingchuan" in " ".join(told.split())
