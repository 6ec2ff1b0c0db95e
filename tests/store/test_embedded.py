"""What only the embedded observation store does; what every store does is in `contract/`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.sqlite import IncompatibleError
from tests.store.contract.stores import HOUR, apply, hour, pm25


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedObservations]:
    """An empty store."""
    with closing(EmbeddedObservations(tmp_path / "observations.sqlite")) as opened:
        yield opened


def test_a_failed_apply_leaves_no_half(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Observations and progress are one transaction."""
    monkeypatch.setattr(store, "_advance", _fail)
    with pytest.raises(RuntimeError, match="power"):
        apply(store, hour(0, pm25="35"))
    monkeypatch.undo()
    assert store.sequence() == 0
    assert np.isnan(pm25(store)[0])


def test_what_was_rolled_back_did_not_come_first(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is not held for written when it comes again."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "_advance", _fail)
        with pytest.raises(RuntimeError, match="power"):
            apply(store, hour(3 * HOUR, pm25="35"))
    assert store.first(["1235A"], "hour") == {}
    apply(store, hour(3 * HOUR, pm25="35"))
    assert store.first(["1235A"], "hour") == {"1235A": 3 * HOUR}


def _fail(*_: object) -> None:
    raise RuntimeError("power")


def test_a_file_of_before_the_flags_had_a_column_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """It is made again from the journal; nothing of it is read in the wrong way."""
    path = tmp_path / "observations.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 1")
    with pytest.raises(IncompatibleError, match="has version 1; this program reads versions 3 to 3: move this file"):
        EmbeddedObservations(path)
