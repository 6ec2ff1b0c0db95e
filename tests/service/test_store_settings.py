"""Where observations are kept: the settings, and what is opened by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.service.commands.check_config import listing
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.service.setting_sources import SettingsError
from qingchuan.service.settings import load
from qingchuan.service.stores import open_observations
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.influx.observations import InfluxObservations

INFLUX = {"QINGCHUAN_STORE__KIND": "influxdb", "QINGCHUAN_STORE__TOKEN": "do-not-tell"}


def test_a_file_of_ours_holds_them_where_nothing_is_said(tmp_path: Path) -> None:
    """No server is needed."""
    places = prepare(tmp_path)
    store = open_observations(load(None, {}).store, places)
    assert isinstance(store, EmbeddedObservations)
    assert places.observations.exists()
    assert not places.ledger.exists()
    store.close()


def test_influxdb_is_opened_whether_it_is_there_or_not(tmp_path: Path) -> None:
    """What comes before it is there is journaled; what was applied is known without it."""
    settings = load(None, INFLUX).store
    places = prepare(tmp_path, settings)
    store = open_observations(settings, places, read_only=True)
    assert isinstance(store, InfluxObservations)
    assert store.sequence() == 0
    assert places.ledger.exists()
    assert not places.observations.exists()
    store.close()


def test_a_token_is_read_from_a_file(tmp_path: Path) -> None:
    """Without the white space around it."""
    (tmp_path / "token").write_text("abc==\n", encoding="utf-8")
    environ = {"QINGCHUAN_STORE__KIND": "influxdb", "QINGCHUAN_STORE__TOKEN_FILE": str(tmp_path / "token")}
    assert load(None, environ).store.secret() == "abc=="


def test_a_token_is_never_shown() -> None:
    """Not by check-config, and not where settings are printed."""
    settings = load(None, INFLUX)
    assert "do-not-tell" not in "\n".join(listing(settings, {})) + repr(settings)
    assert 'store.token = "**********"  # default' in listing(settings, {})


def test_influxdb_without_a_token_is_refused_with_what_makes_one() -> None:
    """Before anything is started."""
    with pytest.raises(SettingsError, match="qingchuan influxdb-setup"):
        load(None, {"QINGCHUAN_STORE__KIND": "influxdb"})


def test_two_tokens_are_one_too_many(tmp_path: Path) -> None:
    """Nobody would know which one is used; neither is told."""
    (tmp_path / "token").write_text("abc", encoding="utf-8")
    with pytest.raises(SettingsError, match="leave one of them out") as told:
        load(None, {**INFLUX, "QINGCHUAN_STORE__TOKEN_FILE": str(tmp_path / "token")})
    assert "do-not-tell" not in str(told.value)


def test_places_of_both_stores_are_told_apart() -> None:
    """One is never taken for the other."""
    assert Places(Path("data")).ledger != Places(Path("data")).observations
