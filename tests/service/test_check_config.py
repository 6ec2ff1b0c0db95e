"""`qingchuan check-config`: what is in force, where it was written, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.commands.check_config import listing, without_secrets
from qingchuan.service.main import app
from qingchuan.service.setting_sources import environment_names
from qingchuan.service.settings import Settings, load


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches the tests."""
    for name in [*environment_names(Settings), "QINGCHUAN_CONFIG"]:
        monkeypatch.delenv(name, raising=False)


def test_each_setting_is_shown_with_where_it_was_written(tmp_path: Path) -> None:
    """File, environment, command line and default are told apart."""
    path = tmp_path / "q.toml"
    path.write_text("[api]\nmax_body = 2048\n", encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["--config", str(path), "--data", "here", "check-config"],
        env={"QINGCHUAN_API__HOSTS": '["air.example.cn"]'},
    )
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert 'data = "here"  # command line' in lines
    assert f"api.max_body = 2048  # {path}" in lines
    assert 'api.hosts = ["air.example.cn"]  # environment' in lines
    assert "collector.batch = 8000  # default" in lines


def test_every_key_is_shown() -> None:
    """One that is not set says so."""
    lines = list(listing(Settings(), {}))
    assert {line.partition(" = ")[0] for line in lines} == set(environment_names(Settings).values())
    assert "broker.username = (not set)  # default" in lines


def test_bad_settings_are_told_and_end_with_1(tmp_path: Path) -> None:
    """On standard error, a line each, and nothing else."""
    path = tmp_path / "q.toml"
    path.write_text("[api]\nmax_body = 1\nlisten = '0.0.0.0:80'\ncolour = 1\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["--config", str(path), "check-config"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line.partition(" = ")[0] for line in result.stderr.splitlines()] == [
        f"{path}: api.max_body",
        f"{path}: api.colour",
    ]


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    """Neither what a file holds nor what stands in an address."""
    secret = tmp_path / "file"
    secret.write_text("hush", encoding="utf-8")
    hook = {"name": "duty", "url": "https://me:hush@a.cn/x?token=hush", "secret_file": secret}
    text = "\n".join(listing(load(None, {}, {"alerts.webhooks": [hook]}), {}))
    assert "https://…@a.cn/x?…" in text
    assert str(secret) in text
    assert "hush" not in text


@pytest.mark.parametrize("url", ["https://a.cn/x", "http://127.0.0.1:9000/"])
def test_an_address_without_a_secret_is_shown_as_it_is(url: str) -> None:
    """So that it can be compared."""
    assert without_secrets(url) == url
