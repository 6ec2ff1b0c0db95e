"""`deploy/config.toml`: complete, true, and the same as what happens without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qingchuan.service.setting_sources import environment_names, fields
from qingchuan.service.settings import Settings, load

FILE = Path(__file__).parents[2] / "deploy" / "config.toml"
LINES = FILE.read_text(encoding="utf-8").splitlines()
OTHER_VALUES = {
    "data": "elsewhere",
    "broker.listen": "127.0.0.1:2000",
    "broker.host": "mq.example.cn",
    "broker.port": "2001",
    "broker.username": "collector",
    "broker.tls": "true",
    "broker.client_id": "standby",
    "broker.keepalive": "5",
    "broker.prefix": "city/air",
    "store.url": "https://influx.example.cn:8086",
    "store.org": "bureau",
    "store.bucket": "observations",
    "store.token": "0123456789",
    "store.retention_days": "3660",
    "collector.future_tolerance": "5",
    "collector.batch": "64",
    "collector.recent_days": "30",
    "collector.reading": "plain",
    "collector.least_free": "0",
    "collector.thresholds": str(FILE.parents[1] / "processing" / "quality" / "thresholds.toml"),
    "collector.topics": '["qingchuan/1233A/+", "qingchuan/1234A/+"]',
    "collector.formats": '[{"topic": "sensors/+/senml", "codec": "senml"}]',
    "collector.devices": '[{"id": "A330200_0001", "subject": "dazha"}]',
    "gateway.listen": "127.0.0.1:2003",
    "gateway.connections": "10",
    "gateway.ask_days": "0",
    "api.listen": "127.0.0.1:2002",
    "api.hosts": '["air.example.cn"]',
    "api.max_body": "1024",
    "api.insecure": "true",
    "alerts.notify_within": "0.5",
    "audit.steps": '["city"]',
    "schedule.report_after": "26",
    "alerts.webhooks": '[{"name": "duty", "url": "https://example.cn/hook"}]',
    "backup.warn_after": "30",
    "clock.speed": "60",
    "clock.origin": "2026-11-25T08:00:00+08:00",
    "log.level": "debug",
    "log.format": "json",
}
"""A value that is not the default for every key but those that must go with another key."""


def keys_in_file() -> set[str]:
    """Every key of the file by its dotted name, those of commented lines too."""
    section, found = "", set()
    for line in LINES:
        if header := re.match(r"(?:# )?\[(\[?)([a-z_.]+)\]", line):
            section = header[2] + ("[]." if header[1] else ".")
            found |= {header[2]} if header[1] else set()
        elif key := re.match(r"(?:# )?([a-z_]+) = ", line):
            found.add(section + key[1])
    return found


def test_the_example_file_holds_the_defaults() -> None:
    """Copying it changes nothing."""
    assert load(FILE, {}) == load(None, {})


def test_every_key_is_in_the_example_file_and_no_other() -> None:
    """A new setting is documented or this fails."""
    assert keys_in_file() == set(fields(Settings))


def test_every_environment_name_is_in_the_example_file_and_no_other() -> None:
    """Names that do nothing are not promised."""
    named = set(re.findall(r"QINGCHUAN_[A-Z_]*[A-Z]", "\n".join(LINES)))
    assert named == {*environment_names(Settings), "QINGCHUAN_CONFIG"}


@pytest.mark.parametrize("key", OTHER_VALUES)
def test_each_environment_name_sets_its_key(key: str) -> None:
    """Another value than the default arrives, and only there."""
    name = next(name for name, known in environment_names(Settings).items() if known == key)
    environ = {name: OTHER_VALUES[key]}
    assert load(None, environ) == load(None, {}, {key: environ[name] if "[" not in environ[name] else parsed(key)})
    assert load(None, environ) != load(None, {})


def parsed(key: str) -> list[object]:
    """The lists among the other values."""
    lists: dict[str, list[object]] = {
        "api.hosts": ["air.example.cn"],
        "collector.topics": ["qingchuan/1233A/+", "qingchuan/1234A/+"],
        "collector.formats": [{"topic": "sensors/+/senml", "codec": "senml"}],
        "collector.devices": [{"id": "A330200_0001", "subject": "dazha"}],
        "audit.steps": ["city"],
        "alerts.webhooks": [{"name": "duty", "url": "https://example.cn/hook"}],
    }
    return lists[key]


def test_the_names_of_files_set_their_keys_too(tmp_path: Path) -> None:
    """Those that need another key beside them."""
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    environ = {
        "QINGCHUAN_BROKER__USERNAME": "collector",
        "QINGCHUAN_BROKER__PASSWORD_FILE": str(secret),
        "QINGCHUAN_BROKER__TLS": "true",
        "QINGCHUAN_BROKER__CA_FILE": str(secret),
    }
    environ |= {
        "QINGCHUAN_STORE__KIND": "influxdb",
        "QINGCHUAN_STORE__TOKEN_FILE": str(secret),
        "QINGCHUAN_STORE__CA_FILE": str(secret),
    }
    broker, store = load(None, environ).broker, load(None, environ).store
    assert (broker.password_file, broker.ca_file) == (secret, secret)
    assert (store.kind, store.token_file, store.ca_file) == ("influxdb", secret, secret)


def test_every_environment_name_is_tried_by_a_test() -> None:
    """The table above is complete."""
    together = {"broker.password_file", "broker.ca_file", "store.kind", "store.token_file", "store.ca_file"}
    assert {*OTHER_VALUES, *together} == set(environment_names(Settings).values())


def test_every_key_says_why_it_is_there() -> None:
    """A comment stands in the line above each key outside of list entries."""
    for number, line in enumerate(LINES):
        if re.match(r"[a-z_]+ = ", line):
            assert LINES[number - 1].startswith("# "), line
