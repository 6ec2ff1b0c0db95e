"""`deploy/mosquitto` passes the doctor, keeps what it acknowledged, and lets stations publish only what is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.doctor.checks import CHECKS
from qingchuan.service.doctor.probe import BrokerError, Probe, RefusedByBrokerError
from qingchuan.service.main import app
from qingchuan.service.settings import BrokerSettings, load
from tests.support.shipped_broker import DEPLOY, ShippedBroker, options

OF_THE_BROKER = {check.key for check in CHECKS if check.key.startswith(("broker-", "conf-"))}


@pytest.fixture
def shipped(tmp_path: Path, etc: Path) -> Iterator[ShippedBroker]:
    """A running broker as it is shipped."""
    with ShippedBroker(tmp_path / "mosquitto", etc) as broker:
        yield broker


def _doctor(data: Path, environment: dict[str, str], *arguments: str) -> tuple[int, dict[str, str]]:
    """Exit status and verdicts of the command."""
    result = CliRunner(env=environment).invoke(app, ["--data", str(data), "doctor", "--json", *arguments])
    answer = json.loads(result.stdout)
    return result.exit_code, {finding["check"]: finding["verdict"] for finding in answer["findings"]}


def _as(broker: ShippedBroker, user: str) -> BrokerSettings:
    password = broker.folder / f"{user}-password"
    return load(
        None, {}, {"broker.port": broker.port, "broker.username": user, "broker.password_file": password}
    ).broker


def _publish(broker: BrokerSettings, topic: str) -> None:
    """One message, whatever becomes of it."""
    with suppress(BrokerError), Probe(broker, "publisher") as publisher:
        publisher.publish(topic, [b"{}"])


def test_the_shipped_configuration_passes_over_tls(shipped: ShippedBroker, tmp_path: Path) -> None:
    """All that can be tried and read is well, but that a kill costs the last minute."""
    code, verdicts = _doctor(tmp_path / "data", shipped.environment(tls=True), "--mosquitto-conf", str(shipped.conf))
    assert code == 0
    without_data = {"broker-announcements", "broker-takeovers"}
    assert {key for key in verdicts if key in OF_THE_BROKER} == OF_THE_BROKER - without_data
    assert {key for key, verdict in verdicts.items() if key in OF_THE_BROKER and verdict != "ok"} == {"conf-saving"}


def test_the_plain_listener_passes_with_a_login(shipped: ShippedBroker, tmp_path: Path) -> None:
    """For a service on the same machine."""
    code, verdicts = _doctor(tmp_path / "data", shipped.environment(tls=False))
    assert code == 0
    assert {verdict for key, verdict in verdicts.items() if key.startswith("broker-")} == {"ok"}


def test_with_durable_conf_nothing_is_left_to_say(tmp_path: Path, etc: Path) -> None:
    """Saving is what it mends."""
    with ShippedBroker(tmp_path / "mosquitto", etc, durable=True) as broker:
        code, verdicts = _doctor(
            tmp_path / "data", broker.environment(tls=False), "--mosquitto-conf", str(broker.conf), "--queue", "200"
        )
    assert code == 0
    assert {verdict for key, verdict in verdicts.items() if key in OF_THE_BROKER} == {"ok"}


@pytest.mark.parametrize(("durable", "kept"), [(True, 300), (False, 0)])
def test_durable_conf_keeps_over_a_kill_what_was_acknowledged(
    tmp_path: Path, etc: Path, kept: int, *, durable: bool
) -> None:
    """And without it all of it is lost, as the finding says."""
    payloads = [str(number).encode() for number in range(300)]
    with ShippedBroker(tmp_path / "mosquitto", etc, durable=durable) as broker:
        service, station = _as(broker, "collector"), _as(broker, "1234A")
        with Probe(service, "away", clean_session=False) as away:
            away.subscribe("qingchuan/+/+")
        with Probe(station, "station") as publisher:
            publisher.publish("qingchuan/1234A/hour", payloads)
            publisher.subscribe("qingchuan/1234A/answer")  # the next turn of the broker: the last one is saved
        broker.kill()
        broker.start()
        with Probe(service, "away", clean_session=False) as back:
            back.subscribe("qingchuan/+/+")
            assert len(back.collect(300)) == kept


def test_a_station_publishes_its_own_topics_and_no_others(shipped: ShippedBroker) -> None:
    """Proven by what arrives: the broker acknowledges the others too, and ends the connection or not."""
    allowed = ["qingchuan/1234A/station", "qingchuan/1234A/hour"]
    forbidden = ["qingchuan/1235A/hour", "qingchuan/1234A-/hour", "qingchuan/doctor/x/y", "elsewhere/1234A/hour"]
    with Probe(_as(shipped, "collector"), "reader") as reader:
        reader.subscribe("#")
        for topic in [*forbidden, *allowed]:
            _publish(_as(shipped, "1234A"), topic)
        assert [message.topic for message in reader.collect(len(allowed))] == allowed


def test_a_station_reads_nothing(shipped: ShippedBroker) -> None:
    """Not what others publish, and not what it publishes itself."""
    with Probe(_as(shipped, "1234A"), "curious") as curious, Probe(_as(shipped, "1234A"), "station") as station:
        curious.subscribe("#")
        station.publish("qingchuan/1234A/hour", [b"{}"])
        assert curious.collect(1) == []


def test_the_service_publishes_nothing_as_a_station(shipped: ShippedBroker) -> None:
    """It only reads, but for the topics on which the doctor tries things."""
    with Probe(_as(shipped, "collector"), "reader") as reader:
        reader.subscribe("qingchuan/#")
        _publish(_as(shipped, "collector"), "qingchuan/1234A/hour")
        _publish(_as(shipped, "collector"), "qingchuan/doctor/1/probe")
        assert [message.topic for message in reader.collect(1)] == ["qingchuan/doctor/1/probe"]


@pytest.mark.parametrize("user", ["", "stranger"])
def test_who_has_no_password_is_refused(shipped: ShippedBroker, tmp_path: Path, user: str) -> None:
    """Neither nameless nor with a name that the broker does not know."""
    secret = tmp_path / "secret"
    secret.write_text("guessed", encoding="utf-8")
    login = {"broker.username": user, "broker.password_file": secret} if user else {}
    broker = load(None, {}, {"broker.port": shipped.port, **login}).broker
    with pytest.raises(RefusedByBrokerError), Probe(broker, "stranger"):
        pass


def test_each_option_of_the_shipped_files_has_its_reason() -> None:
    """A comment in the line above."""
    for name in ("mosquitto.conf", "conf.d/durable.conf"):
        lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line and not line.startswith(("#", "certfile", "keyfile")):
                assert lines[number - 1].startswith("#"), line


def test_the_plain_listener_is_bound_to_this_machine() -> None:
    """The last listener in the file."""
    assert options(DEPLOY / "mosquitto.conf")["listener"] == "1883 127.0.0.1"
