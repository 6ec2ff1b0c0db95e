"""Checks that stations made of their instruments, as they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from qingchuan.store import station_checks
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State, writing
from qingchuan.store.station_checks import Check, Failed


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty state database."""
    migrate(tmp_path / "state.sqlite")
    opened = State(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def _told(state: State, sequence: int, moment: int, *, passed: bool | None, item: str = "nh3n") -> None:
    with writing(state.engine).begin() as connection:
        station_checks.write(connection, [Check(sequence, "yaojiang", item, "zero", moment, "{}", passed, None)])


def test_those_that_failed_when_last_made_are_counted_as_they_are_told(state: State) -> None:
    """One that is told late is of its own time; of two of one time the one told last holds."""
    failed = Failed(state.engine)
    counts = [failed.count()]
    told = [(100, False, "nh3n"), (90, True, "nh3n"), (100, None, "tp"), (110, True, "nh3n"), (110, False, "nh3n")]
    for sequence, (moment, passed, item) in enumerate(told, 1):
        _told(state, sequence, moment, passed=passed, item=item)
        counts.append(failed.count())
        assert Failed(state.engine).count() == counts[-1]
    assert counts == [0, 1, 1, 1, 0, 1]


def test_what_was_read_once_is_not_read_again(state: State) -> None:
    """The metrics ask every few seconds, and checks of five years are kept."""
    read: list[object] = []
    event.listen(state.engine, "before_cursor_execute", lambda *told: read.append(told[3]))
    failed = Failed(state.engine)
    for sequence in (7, 8):
        _told(state, sequence, sequence, passed=False)
        failed.count()
    failed.count()
    assert [after for after in read if len(after) == 2] == [(0, 1), (7, 1), (8, 1)]  # type: ignore[arg-type]  # tuples
