"""Ctrl-C and SIGTERM end the service well whenever they come, also while its processes are only beginning."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest

from tests.support.ports import wait_for_listener
from tests.support.service import Service


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_service_stops_well_as_soon_as_it_has_started(number: int, tmp_path: Path) -> None:
    """Its processes are still loading then; none ends with an error, and none is left behind."""
    service = Service(tmp_path)
    try:
        service.start(wait=False)
        service.wait_until(lambda: service.address in service.told(), "say where it is")
        service.stop(number)
    finally:
        service.kill()
    assert "Traceback" not in service.told()


def test_the_demo_stops_well_as_soon_as_it_has_started(tmp_path: Path) -> None:
    """Its broker listens, and nothing else does yet."""
    demo = Service(tmp_path, arguments=["demo"])
    try:
        demo.start(wait=False)
        wait_for_listener(demo.broker_port, within=30)
        demo.stop()
    finally:
        demo.kill()
    assert "Traceback" not in demo.told()


def test_without_a_broker_the_service_shows_its_page_and_stops_well(tmp_path: Path) -> None:
    """The collector says that it cannot connect and tries again."""
    service = Service(tmp_path)
    try:
        service.start(wait=False)
        service.wait_until(lambda: "Connection refused" in service.told(), "say that there is no broker")
        service.wait_until(service.is_well, "answer /healthz")
        assert service.client.get("/").status_code == httpx.codes.OK
        service.stop()
    finally:
        service.kill()
