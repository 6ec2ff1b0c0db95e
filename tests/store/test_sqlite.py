"""Opening SQLite files of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qingchuan.store import sqlite
from qingchuan.store.sqlite import write_ahead


class _Interrupted:
    """A cursor on a new file that another process reads until it has been refused `times` times."""

    def __init__(self, path: Path, times: int) -> None:
        self.refused = 0
        self._times = times
        self._cursor = sqlite3.connect(path, timeout=0).cursor()
        self._other = sqlite3.connect(path, isolation_level=None)
        self._other.execute("CREATE TABLE t (x)")
        self._other.execute("BEGIN")
        self._other.execute("SELECT * FROM t").fetchall()

    def execute(self, operation: str, /) -> object:
        try:
            return self._cursor.execute(operation)
        except sqlite3.OperationalError:
            self.refused += 1
            if self.refused == self._times:
                self._other.execute("COMMIT")
            raise

    def mode(self) -> str:
        return str(self._cursor.execute("PRAGMA journal_mode").fetchone()[0])

    def close(self) -> None:
        self._other.close()
        self._cursor.connection.close()


@pytest.fixture
def interrupted(tmp_path: Path) -> Iterator[_Interrupted]:
    """One that is refused twice."""
    cursor = _Interrupted(tmp_path / "new.sqlite", 2)
    yield cursor
    cursor.close()


def test_who_opens_a_new_file_together_with_another_process_waits_for_it(interrupted: _Interrupted) -> None:
    """Both set it to WAL mode, and SQLite does not wait there."""
    write_ahead(interrupted)
    assert interrupted.refused == 2
    assert interrupted.mode() == "wal"


def test_a_file_that_stays_locked_is_an_error(interrupted: _Interrupted, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its patience the opening says what SQLite says."""
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        write_ahead(interrupted)
