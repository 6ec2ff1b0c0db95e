"""The gateway in the collector process goes on, whatever ends it, and is seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from qingchuan.collector.gateway.server import Gateway
from qingchuan.service import gateway as module
from qingchuan.service.gateway import start_gateway
from qingchuan.service.lock import holders
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.service.reading import roles
from qingchuan.service.setting_types import Address
from qingchuan.service.settings import Settings
from tests.support.ports import STEP, unused_port

_PATIENCE = 10.0
"""[s]"""


def _wait_until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not so():
        assert time.monotonic() < deadline
        time.sleep(STEP)


def _settings(data: Path) -> Settings:
    return Settings(data=data, gateway={"listen": f"127.0.0.1:{unused_port()}"})  # type: ignore[arg-type]  # pydantic makes the section


@pytest.mark.parametrize("at", ["start", "serve"])
def test_a_gateway_that_fails_is_told_of_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Once it fails as it starts, once as it serves; the thread lives, and others see that it listens again."""
    monkeypatch.setattr(module, "_AGAIN", 0.01)
    failures = iter([ValueError("a fault of ours")])
    loggers_of, serve = module.loggers_of, Gateway.serve

    def fail_once() -> None:
        for error in failures:
            raise error

    def failing_loggers(settings: Settings) -> object:
        fail_once()
        return loggers_of(settings)

    async def failing_serve(self: Gateway, *arguments: object) -> None:
        fail_once()
        await serve(self, *arguments)  # type: ignore[arg-type]  # as they came

    if at == "start":
        monkeypatch.setattr(module, "loggers_of", failing_loggers)
    else:
        monkeypatch.setattr(Gateway, "serve", failing_serve)
    settings, stop = _settings(tmp_path), Event()
    places = prepare(tmp_path, settings.store)
    with capture_logs() as logs:
        thread = start_gateway(settings, places, stop)
        assert thread is not None
        _wait_until(lambda: roles(places)["gateway"] == 1)
        stop.set()
        thread.join(_PATIENCE)
    assert not thread.is_alive()
    assert [entry["log_level"] for entry in logs if entry["event"] == "gateway failed"] == ["error"]
    assert roles(places)["gateway"] == 0


def test_an_address_that_cannot_be_listened_at_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds its lock meanwhile, so that the doctor and the metrics see it."""
    monkeypatch.setattr(module, "_AGAIN", 0.01)
    settings, stop = _settings(tmp_path), Event()
    monkeypatch.setattr(Address, "parse", lambda _text: Address("203.0.113.1", 1))
    places = prepare(tmp_path, settings.store)
    with capture_logs() as logs:
        thread = start_gateway(settings, places, stop)
        assert thread is not None
        _wait_until(lambda: len([entry for entry in logs if entry["event"] == "cannot listen"]) > 1)
        assert holders(Places(tmp_path).gateway_lock) == []
        stop.set()
        thread.join(_PATIENCE)
    assert not thread.is_alive()
