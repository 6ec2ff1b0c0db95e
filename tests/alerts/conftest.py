"""Fixtures of the tests of the alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.support import Place, run


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An observation store and a state database with two sections."""
    place = Place(tmp_path)
    yield place
    place.close()


@pytest.fixture
def waiting(place: Place) -> Place:
    """A place in whose outbox one notice waits for ``duty``."""
    place.read(0, tp="0.5")
    run(place.engine())
    return place
