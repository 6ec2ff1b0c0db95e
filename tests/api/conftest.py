"""Fixtures of the tests of the web: a world of real stores, and a client of the application on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium.webdriver import Chrome

from tests.api.browsing import Page, fill
from tests.api.serving import serving
from tests.api.world import SUBJECTS, World


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """Stores in which nobody has announced himself."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def world(empty: World) -> World:
    """Stores in which the subjects have announced themselves."""
    empty.announce(SUBJECTS)
    return empty


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    """A client of the application behind a real server."""
    with serving(world.services) as made:
        yield made


@pytest.fixture
def filled(world: World) -> World:
    """A world that has something to show."""
    fill(world)
    return world


@pytest.fixture
def page(filled: World, chromium: Chrome) -> Iterator[Page]:
    """The page on a filled world; at the end the browser must have had nothing to complain about."""
    with serving(filled.services) as client:
        made = Page(chromium, str(client.base_url).rstrip("/"))
        yield made
        assert made.complaints() == []
