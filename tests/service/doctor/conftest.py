"""Brokers that a doctor looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shipped_broker import follow_readme


@pytest.fixture(scope="session")
def etc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder /etc/mosquitto as the README of `deploy/mosquitto` makes it, for copying."""
    folder = tmp_path_factory.mktemp("etc") / "mosquitto"
    follow_readme(folder)
    return folder
