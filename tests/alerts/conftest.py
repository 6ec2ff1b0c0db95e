"""Fixtures of the tests of the alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.support import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An observation store and a state database with two sections."""
    place = Place(tmp_path)
    yield place
    place.close()
