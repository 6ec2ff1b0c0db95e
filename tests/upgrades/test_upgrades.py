"""A data directory of every released version opens with this one, and gives every figure unchanged."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from qingchuan.service.places import DataFolderError, Places
from qingchuan.service.prepare import prepare
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.settings import load
from qingchuan.store import state as state_module
from qingchuan.store import upgrading as steps
from qingchuan.store.sqlite import IncompatibleError
from tests.api.serving import serving

VERSIONS = sorted(path.name.removesuffix(".tar.gz") for path in Path(__file__).parent.glob("*.tar.gz"))
KILLED = 9


@pytest.fixture(params=VERSIONS)
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The data directory of a version, as its service left it."""
    with tarfile.open(Path(__file__).parent / f"{request.param}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "data"


def _expected(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((data / "figures.json").read_text(encoding="utf-8"))
    return found


def _figures(data: Path) -> dict[str, Any]:
    """What this version answers."""
    stores = open_stores(prepare(data))
    with serving(services_of(stores, load(None, {}, {"data": data}))) as client:
        found = {path: client.get(f"/api/v1/{path}").raise_for_status().json() for path in _expected(data)}
    stores.close()
    return found


def _differences(old: Any, new: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Where `new` lacks something of `old` or says something else; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            yield from _differences(value, new.get(key), f"{place}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, value in enumerate(old):
            yield from _differences(value, new[number], f"{place}/{number}")
    elif old != new:
        yield f"{place}: {str(old)[:100]} has become {str(new)[:100]}"


def _changed(data: Path) -> list[str]:
    """Figures that are not as they were; that the service stopped after it was asked is one message more."""
    old, new = _expected(data), _figures(data)
    for path, answer in old.items():
        assert new[path].pop("sequence", 0) >= answer.pop("sequence", 0)
    return [difference for path in old for difference in _differences(old[path], new[path], path)]


def test_there_is_a_directory_of_a_version_to_open() -> None:
    """The tests below are about something."""
    assert VERSIONS


def test_every_figure_is_as_it_was(data: Path) -> None:
    """Readings, indices, rates, ranks, classes, alerts, dead letters and counts; answers may say more than they did."""
    assert _changed(data) == []


def test_what_was_there_is_copied_first_and_only_once(data: Path) -> None:
    """The copies are the databases of the version, and a second start makes no more of them."""
    before = _versions(data)
    prepare(data)
    [kept] = data.glob("before-upgrade-to-*")
    assert _versions(kept) == before
    assert _versions(data) != before
    prepare(data)
    assert list(data.glob("before-upgrade-to-*")) == [kept]


def _versions(data: Path) -> tuple[int, str]:
    with sqlite3.connect(data / "observations.sqlite") as database:
        observations = int(database.execute("PRAGMA user_version").fetchone()[0])
    with sqlite3.connect(data / "state.sqlite") as database:
        state = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    return observations, state


@pytest.mark.parametrize("nth", [1, 2, 3, 5, 8, 13, 21])
def test_an_upgrade_that_was_killed_is_resumed(data: Path, nth: int) -> None:
    """At the n-th statement of one of the databases; the next start comes to the same figures."""
    process = multiprocessing.get_context("fork").Process(target=_killed_at, args=(data, nth))
    process.start()
    process.join()
    assert process.exitcode == KILLED
    assert _changed(data) == []


def _killed_at(data: Path, nth: int) -> None:
    """Upgrade, and end without any farewell at the n-th statement that changes something."""
    left = [nth]

    def count(statement: str) -> None:
        if statement.lstrip().upper().startswith(("CREATE", "INSERT", "DROP", "ALTER", "UPDATE")):
            left[0] -= 1
        if not left[0]:
            os._exit(KILLED)

    opened, made = steps._opened, state_module.open_engine

    def watched(path: Path) -> sqlite3.Connection:
        database = opened(path)
        database.set_trace_callback(count)
        return database

    def watched_engine(path: Path) -> Any:  # noqa: ANN401 - SQLAlchemy's
        engine = made(path)
        event.listen(engine, "before_cursor_execute", lambda *arguments: count(arguments[2]))
        return engine

    steps._opened = watched
    from qingchuan.store import migrate  # noqa: PLC0415 - in this process only

    migrate.open_engine = watched_engine  # type: ignore[attr-defined]
    prepare(data)


def test_a_newer_directory_is_refused_and_left_alone(data: Path) -> None:
    """The message says which program would do."""
    prepare(data)
    with sqlite3.connect(data / "observations.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(IncompatibleError, match=r"has version 99; this program reads versions up to \d+: use a newer"):
        prepare(data)


def test_without_room_for_the_copies_nothing_is_changed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how much is wanted."""
    before = _versions(data)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 0}))
    with pytest.raises(DataFolderError, match="free 0 MB there"):
        prepare(data)
    assert _versions(data) == before
    assert Places(data).upgrade_lock.exists()
