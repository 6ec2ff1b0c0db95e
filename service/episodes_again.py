"""The episodes of the alerts made anew: they follow from the observations, and nobody is told of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from sqlalchemy import func, select

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.alerts.storage import CURSOR
from qingchuan.service.progress import progress_bar
from qingchuan.store.arrays import Grid
from qingchuan.store.cube.passed_on import PassedOn
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.observations import ONE_FIGURE, Changed, Observations, Origin, Period
from qingchuan.store.state import State
from qingchuan.store.tables import episode


class _UpTo(PassedOn):
    """Observations of which only what messages up to a certain one changed is still to be judged.

    Parameters
    ----------
    store : Observations
    journal : JournalReader
    last : int
        That message.
    """

    def __init__(self, store: Observations, journal: JournalReader, last: int) -> None:
        self._store = store
        self._journal = journal
        self._last = last
        self.judged = 0

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote, up to the last one."""
        found = [change for change in self._store.changed(after, limit) if change.sequence <= self._last]
        self.judged = found[-1].sequence if found else self._last
        return found

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None = None,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> Grid:
        """The observations of `period`; see `Observations`."""
        return self._store.read(subjects, items, period, start, end, as_of, origins)

    def now(self) -> int:
        """When the message was received that is judged last, in µs since 1970-01-01 UTC."""
        return next((row.received for row in self._journal.rows(self.judged - 1, limit=1)), 0)


def derive_episodes(
    old: Path, journal: JournalReader, observations: Observations, state: State, console: Console, notify_within: int
) -> int:
    """Judge all that the state at `old` says is judged, or everything where it cannot be read; how many episodes it is.

    What was not judged yet is left to the service, which tells people of it.
    """
    last = min(observations.sequence(), _judged(old))
    told = _UpTo(observations, journal, last)
    engine = Engine(told, state, load_rules(), now=told.now, notify_within=notify_within, targets=())
    with progress_bar("告警 Alerts", last, console, stays=False) as done:
        while engine.step():
            done(told.judged)
    with state.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(episode)).scalar_one()


def _judged(old: Path) -> int:
    """The message up to which alerts were decided by the state at `old`; behind all where that cannot be read."""
    everything = 1 << 62
    if not old.exists():
        return everything
    with closing(sqlite3.connect(old)) as database:
        try:
            found = database.execute("SELECT sequence FROM cursor WHERE name = ?", (CURSOR,)).fetchone()
        except sqlite3.DatabaseError:
            return everything
    return int(found[0]) if found else 0
