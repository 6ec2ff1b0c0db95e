"""What the doctor finds about owners, rights and limits."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from qingchuan.processing.standards import Text
from qingchuan.service.doctor import files
from qingchuan.service.doctor.checks import examine
from qingchuan.service.doctor.files import judge_limit, limit_of, processes_named
from qingchuan.service.prepare import prepare
from qingchuan.store.state import Announcement, State
from tests.support.examining import look, not_tried, patient_of

CITY = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}'


def test_data_of_one_user_are_well(tmp_path: Path) -> None:
    """As the service makes them."""
    prepare(tmp_path)
    with patient_of(tmp_path) as patient:
        assert look("files-data", patient).verdict == "ok"


def test_a_file_that_anybody_may_change_is_a_problem(tmp_path: Path) -> None:
    """Also deep below."""
    prepare(tmp_path)
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "head").touch()
    (tmp_path / "journal" / "head").chmod(0o666)
    with patient_of(tmp_path) as patient:
        finding = look("files-data", patient)
    assert finding.verdict == "problem"
    assert "journal/head" in finding.saw.en


def test_a_file_that_another_user_left_behind_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, with what puts it right."""
    mine = tmp_path.stat()
    strange = os.stat_result((0o100644, 1, 1, 1, mine.st_uid + 1, mine.st_gid, 0, 0, 0, 0))
    monkeypatch.setattr(files, "_files", lambda folder: {folder: mine, folder / "state.sqlite": strange})
    with patient_of(tmp_path) as patient:
        finding = look("files-data", patient)
    assert finding.verdict == "problem"
    assert "state.sqlite" in finding.saw.en
    assert finding.advice is not None
    assert finding.advice.en.startswith("chown -R ")


def test_data_of_another_user_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor is best run as the service is."""
    prepare(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with patient_of(tmp_path) as patient:
        assert look("files-data", patient).verdict == "notice"


@pytest.mark.parametrize(("mode", "verdict"), [(0o600, "ok"), (0o640, "ok"), (0o644, "problem"), (0o642, "problem")])
def test_a_secret_that_anybody_may_read_is_a_problem(tmp_path: Path, mode: int, verdict: str) -> None:
    """Of the broker, of the webhooks, and of loggers, whose passwords stand in the file of the settings."""
    secret, other = tmp_path / "secret", tmp_path / "other"
    for path in (secret, other):
        path.write_text("x", encoding="utf-8")
        path.chmod(0o600)
    secret.chmod(mode)
    of_broker: dict[str, object] = {"broker.username": "collector", "broker.password_file": secret}
    hook = {"name": "duty", "url": "https://example.cn/", "secret_file": secret}
    of_hook: dict[str, object] = {**of_broker, "broker.password_file": other, "alerts.webhooks": [hook]}
    device = {"id": "1", "subject": "1234A", "password": "123456"}
    of_logger: dict[str, object] = {"collector.devices": [device]}
    with patient_of(tmp_path, of_logger, config=secret) as patient:
        assert look("files-secrets", patient).verdict == verdict
    with patient_of(tmp_path, config=secret) as patient:
        assert look("files-secrets", patient).verdict == "ok"  # nothing secret is in it
    for settings in (of_broker, of_hook):
        with patient_of(tmp_path, settings) as patient:
            assert look("files-secrets", patient).verdict == verdict


@pytest.mark.parametrize(("limit", "verdict"), [(255, "problem"), (256, "notice"), (1023, "notice"), (1024, "ok")])
def test_few_open_files_are_told(limit: int, verdict: str) -> None:
    """Each open page takes one."""
    assert judge_limit(limit, Text("", ""), Text("", "")).verdict == verdict
    assert judge_limit(-1, Text("", ""), Text("", "")).verdict == "ok"


@pytest.mark.parametrize(
    ("listen", "connections", "verdict"),
    [("127.0.0.1:9212", 2000, "ok"), ("127.0.0.1:9212", 2001, "problem"), (None, 2001, "ok")],
)
def test_a_gateway_needs_an_open_file_for_each_logger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listen: str | None, connections: int, verdict: str
) -> None:
    """As many as may be connected, and what else is open; without a gateway they do not count."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (2100, 2100))
    with patient_of(tmp_path, {"gateway.listen": listen, "gateway.connections": connections}) as patient:
        assert look("files-limit", patient).verdict == verdict


def test_the_limit_of_another_process_is_read(tmp_path: Path) -> None:
    """It is its own, not ours."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wait = "import sys; sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", wait],
        stdin=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (77, hard)),  # noqa: PLW1509 - one thread here
    ) as process:
        limit = limit_of(process.pid)
        process.communicate()
    assert limit == (77 if Path("/proc").exists() else None)
    with patient_of(tmp_path) as patient:
        assert "of this user" in look("files-limit", patient).saw.en


def test_this_process_is_found_by_its_name() -> None:
    """And nothing by a name that nobody has."""
    name = Path("/proc/self/comm").read_text(encoding="utf-8").strip()
    assert os.getpid() in processes_named(name)
    assert processes_named("nobody-is-called-so") == []


@pytest.mark.parametrize(("limit", "verdict"), [(102, "ok"), (101, "problem")])
def test_a_broker_needs_an_open_file_for_each_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, verdict: str
) -> None:
    """Two stations, and what else it opens."""
    prepare(tmp_path)
    state = State(tmp_path / "state.sqlite")
    state.record([Announcement(1, "330200", CITY), Announcement(2, "330201", CITY)], [])
    state.close()
    monkeypatch.setattr(files, "processes_named", lambda _: [1])
    monkeypatch.setattr(files, "limit_of", lambda _: limit)
    with patient_of(tmp_path) as patient:
        assert look("files-limit-broker", patient).verdict == verdict
    with patient_of(tmp_path, {"broker.host": "mq.example.cn"}) as patient:
        checks = tuple(check for check in files.CHECKS if check.key == "files-limit-broker")
        assert not_tried(examine(patient, checks=checks)) == {"files-limit-broker"}
