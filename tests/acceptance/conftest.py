"""What acceptance tests share: one running service a module, against a real Mosquitto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mosquitto import Mosquitto
from tests.support.receiver import Receiver
from tests.support.service import ROOT, Service


@pytest.fixture(scope="session")
def mappings() -> Path:
    """Folder of the mappings that are shipped."""
    return ROOT / "deploy" / "mappings"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Where the notices of `service` go."""
    with Receiver() as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Service]:
    """`qingchuan run` with a Mosquitto and an empty data directory of its own; it must stop well in the end."""
    folder = tmp_path_factory.mktemp("service")
    settings = {"QINGCHUAN_ALERTS__WEBHOOKS": json.dumps([{"name": "duty", "url": receiver.url}])}
    with Mosquitto(folder / "mosquitto") as broker, Service(folder, broker.port, settings=settings) as running:
        yield running
