"""What tests of the collector share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.applying import Bench


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    """Whatever a test opened is closed behind it."""
    yield
    for bench in Bench.opened:
        bench.close()
    Bench.opened.clear()
