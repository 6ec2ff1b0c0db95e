"""What `deploy/compose/prepare` makes does for a real Mosquitto and a real collector, outside of containers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.support.composed import DEPLOY, prepare
from tests.support.service import Service
from tests.support.shipped_broker import ShippedBroker


def test_broker_and_service_find_each_other_by_tls_with_the_files_that_are_made(tmp_path: Path) -> None:
    """By the settings that compose.yaml names; a second run changes nothing and adds a station."""
    local = prepare(tmp_path / "local", "mq.example.cn")
    before = {path: path.read_bytes() for path in local.rglob("*") if path.is_file() and path.name != "passwords"}
    env = local.with_name("env")
    assert env.read_text(encoding="utf-8") == "BROKER_NAME=mq.example.cn\n"
    env.write_text("STORE=influxdb\nBROKER_NAME=mq.example.cn\nBACKUPS=/mnt/backup\n", encoding="utf-8")
    prepare(local, "mq.example.cn", "1234A", "1235A")
    assert {path: path.read_bytes() for path in before} == before
    assert env.read_text(encoding="utf-8") == "BROKER_NAME=mq.example.cn\nSTORE=influxdb\nBACKUPS=/mnt/backup\n"
    users = [
        line.partition(":")[0] for line in (local / "mosquitto" / "passwords").read_text(encoding="utf-8").splitlines()
    ]
    assert users == ["collector", "1234A", "1235A"]
    etc = tmp_path / "etc"
    shutil.copytree(local / "mosquitto", etc)
    shutil.copy(DEPLOY / "mosquitto" / "acl", etc)
    shutil.copy(local / "secrets" / "collector-password", etc)
    with ShippedBroker(tmp_path / "broker", etc) as broker:
        settings = broker.environment(tls=True)
        with Service(tmp_path / "service", broker.tls_port, ["collect"], settings) as service:
            assert "subscribed" in service.told()


def test_secrets_are_read_by_those_only_that_need_them(tmp_path: Path) -> None:
    """Nobody else of the machine reads anything of it."""
    local = prepare(tmp_path / "local", "mq.example.cn", "1234A")
    assert local.stat().st_mode & 0o077 == 0
    for name in (
        "secrets/collector-password",
        "secrets/grafana-password",
        "mosquitto/certs/broker.key",
        "authority.key",
    ):
        assert (local / name).stat().st_mode & 0o077 == 0, name
    if os.geteuid() == 0:
        assert (local / "secrets" / "collector-password").stat().st_uid == 10001
        assert (local / "mosquitto" / "passwords").stat().st_uid == 1883
