"""Fixtures of the tests of commands that print figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import SUBJECTS, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A data directory in which the subjects of a small city have announced themselves."""
    made = World(tmp_path)
    made.announce(SUBJECTS)
    yield made
    made.close()
