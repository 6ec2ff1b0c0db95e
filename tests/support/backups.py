"""A data directory that has lived for some days, and what can be asked of a copy of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

from rich.console import Console

from qingchuan.service.backup import Made, back_up
from qingchuan.service.manifest import Backup
from qingchuan.service.places import Places
from qingchuan.service.restoring import Restored, restore
from tests.support.applying import START, Bench, connection, hour_of, settings_of, station

DAY = 86_400_000_000
"""[µs]"""


class Lived(Bench):
    """Journal, store and state of a station that has told two hours each day, the second of them twice."""

    def __init__(self, folder: Path, days: int = 4) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        self.places = Places(folder)
        self.days = 0
        self.take(settings_of(), connection(), station())
        for _ in range(days):
            self.live()

    def live(self) -> None:
        """Another day passes."""
        self.received = START * 1_000_000 + (self.days + 1) * DAY
        self.days += 1
        self.take(hour_of(f"{self.days}.5", 0), hour_of("7", self.days))
        self.take(hour_of("oops", 1), hour_of(f"{self.days + 20}", self.days))

    def seal(self, days: int) -> None:
        """Seal the first `days`, the one of the announcement among them."""
        while self.journal.seal(START * 1_000_000 + days * DAY - DAY // 2):
            pass


def quiet() -> Console:
    """A console that nobody sees."""
    return Console(file=StringIO())


def backed_up(places: Places, target: Path, moment: int = 0, keep: int | None = None) -> Made:
    """A backup, made `moment` [ms] after a fixed time."""
    return back_up(places, target, lambda: 1_795_564_800_000_000 + moment * 1000, quiet(), keep)


def restored(backup: Backup, data: Path, seen: int = 0) -> Restored:
    """The backup put back into `data`."""
    return restore(backup, Places(data), quiet(), lambda: START * 1_000_000 + 99 * DAY, _never, seen=seen)


def _never(places: Places) -> None:
    raise AssertionError(f"the backup in {places.data} has a store")


def dump(path: Path) -> list[str]:
    """All that an SQLite file holds, as statements."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def rows(data: Path) -> list[tuple[int, bytes]]:
    """The rows of the journal that are in its database, by number and hash."""
    with closing(sqlite3.connect(data / "journal" / "journal.sqlite")) as database:
        return database.execute("SELECT sequence, hash FROM batch ORDER BY sequence").fetchall()


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
