"""The stores of a data directory, opened for reading."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qingchuan.service.places import DataFolderError, Places, existing
from qingchuan.service.prepare import prepare
from qingchuan.service.reading import open_stores, services_of, today_of
from qingchuan.service.settings import Settings
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.observations import Counts
from tests.api.world import World
from tests.service.asking import ask

RECEIVED = 1_764_000_000_000_000


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data directory whose journal holds one message that waits to be applied."""
    made = prepare(tmp_path / "data")
    journal = Journal(made.journal, lambda: RECEIVED)
    journal.append([Message("mqtt", "c", "qingchuan/330200/day", b"{}")])
    journal.close()
    return made


def test_services_tell_what_the_journal_and_the_store_hold(places: Places) -> None:
    """One message was received, and none has been applied."""
    stores = open_stores(places)
    services = services_of(stores, Settings())
    assert services.counting.in_all() == Counts(received=1, applied=0, duplicate=0, dead_letter=0, waiting=1)
    assert services.received(1) == RECEIVED
    assert services.places == {"data": str(places.data)}
    stores.close()


def test_today_is_the_natural_day_of_the_clock_in_beijing(world: World) -> None:
    """An hour before midnight UTC it is morning there."""
    world.clock.time = "2026-11-24T23:00:00+00:00"
    assert today_of(world.services).isoformat() == "2026-11-25"


def test_a_folder_that_the_service_has_not_used_is_not_taken_for_one(tmp_path: Path) -> None:
    """Its path is in the sentence, and how to give another."""
    with pytest.raises(DataFolderError, match=r"holds no data of Qingchuan; give its folder with --data"):
        existing(tmp_path)


def test_stores_of_a_newer_version_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, not a traceback."""
    database = sqlite3.connect(world.folder / "observations.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    said = ask(world, monkeypatch, "rank")
    assert (said.code, said.out) == (1, "")
    assert "has version 99" in said.err
