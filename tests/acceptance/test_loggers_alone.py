"""Loggers go on after a restart of the collector, whether or not anything comes by MQTT."""

from __future__ import annotations

import json
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.store.journal_reader import JournalReader
from tests.support.ledger import counts
from tests.support.logger import MN, Logger, upload
from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port
from tests.support.publishing import publishing
from tests.support.service import Service

_SECTION = '{"kind":"section","name":{"zh":"大闸","en":"Dazha"},"water_body":"river"}'.encode()
_HOURS = 5


def test_what_loggers_send_after_a_restart_is_applied_without_any_message_of_the_broker(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """The section had announced itself by MQTT; since then only its logger says anything."""
    port = unused_port()
    devices = json.dumps([{"id": MN, "subject": "dazha", "dialect": "cnemc"}])
    settings = {"QINGCHUAN_GATEWAY__LISTEN": f"127.0.0.1:{port}", "QINGCHUAN_COLLECTOR__DEVICES": devices}
    with Service(tmp_path, mosquitto.port, ["collect"], settings) as collector:
        with publishing("127.0.0.1", mosquitto.port, "station") as client:
            client.publish("qingchuan/dazha/station", _SECTION, qos=1, retain=True).wait_for_publish(10)
        collector.wait_until(lambda: counts(collector.data).applied == 1, "apply the announcement")
        for restart in (1, 2):
            collector.stop()
            collector.start()
            _send(port, restart)
            collector.wait_until(
                lambda restart=restart: _applied(collector) == (1 + restart * _HOURS, 0),  # type: ignore[misc]
                "apply what the logger sent",
            )
        assert _quiet(collector.data) == 2


def _applied(collector: Service) -> tuple[int, int]:
    """How many messages are decided, and how many wait."""
    now = counts(collector.data)
    return now.applied + now.duplicate, now.waiting


def _send(port: int, day: int) -> None:
    with Logger(port) as logger:
        for hour in range(_HOURS):
            logger.say(upload(f"DataTime=2026030{day}1{hour}0000;w01001-Avg=7.2,w01001-Flag=N"))
            answer = logger.hear()
            assert answer is not None
            assert answer.cn == 9014


def _quiet(data: Path) -> int:
    journal = JournalReader(Places(data).journal)
    kinds = [message.kind for row in journal.rows() for message in row.batch().messages]
    journal.close()
    return kinds.count("quiet")
