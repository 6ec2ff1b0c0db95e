"""Two months of a small country, filled once: what is computed from them changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qingchuan.api.services import Services
from tests.api.world import World
from tests.support.month import Stores
from tests.support.recomputed import audited, fill, services_on


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The stores, audited."""
    stores = fill(tmp_path_factory.mktemp("recomputed") / "data")
    audited(stores)
    yield stores
    stores.close()


@pytest.fixture(scope="session")
def country(filled: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services that read them."""
    world = World(tmp_path_factory.mktemp("world"))
    yield services_on(filled, world.services)
    world.close()
