"""What has changed since the live documents were built, and whom it concerns."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import func, select

from qingchuan.api.services import Services
from qingchuan.processing.periods import HOUR, day_start, natural_day
from qingchuan.store import tables

Domain = Literal["air", "water", "alerts"]
DOMAINS: tuple[Domain, ...] = ("air", "water", "alerts")

_MOST = 1000
"""Changes that are looked at one by one; when there are more, everything is built again."""

_MICROSECONDS = 1_000_000


class Changes(NamedTuple):
    """What is to be built again.

    Attributes
    ----------
    domains : frozenset of Domain
    past : bool
        Whether days before today may have changed.
    sequence : int
        Newest message that counts.
    now : int
        [s since 1970-01-01 UTC]
    """

    domains: frozenset[Domain]
    past: bool
    sequence: int
    now: int


class Mark(NamedTuple):
    """Numbers that differ when something may have changed.

    Attributes
    ----------
    observations, state : int
        Versions of the data that other connections have written.
    hour : int
        Hour of the clock [h since 1970-01-01 UTC].
    """

    observations: int
    state: int
    hour: int


class Watch:
    """Looks for what has changed since it was asked last.

    Parameters
    ----------
    services : Services
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._state_version = services.state.engine.raw_connection()
        self._mark: Mark | None = None
        self._subjects = -1
        self._sequence = 0
        self._day: date | None = None

    def close(self) -> None:
        """Give back the connection that watches the state database."""
        self._state_version.close()

    def look(self) -> Mark:
        """The numbers now; costs microseconds. Always called from one thread: a version belongs to a connection."""
        cursor = self._state_version.cursor()
        state = cursor.execute("PRAGMA data_version").fetchone()[0]
        hour = self._services.now() // (HOUR * _MICROSECONDS)
        return Mark(self._services.observations.data_version(), state, hour)

    def is_news(self, mark: Mark) -> bool:
        """Whether something may have changed since the mark that `changes` was told last."""
        return mark != self._mark

    def forget(self) -> None:
        """Let everything count as changed."""
        self._mark = None

    def changes(self, mark: Mark) -> Changes:
        """What has changed since the last call; at the first, everything."""
        before, self._mark = self._mark, mark
        now = self._services.now() // _MICROSECONDS
        sequence = self._services.observations.sequence()
        domains, past = self._changed(day_start(natural_day(now)))
        self._sequence = sequence
        if self._begins_anew(natural_day(now), sequence) or before is None:
            return Changes(frozenset(DOMAINS), past=True, sequence=sequence, now=now)
        if before.hour != mark.hour:
            domains |= {"air", "water"}
        if before.state != mark.state:
            domains |= {"alerts"}
        return Changes(frozenset(domains), past, sequence, now)

    def _changed(self, today: int) -> tuple[set[Domain], bool]:
        """The domains that changed observations belong to, and whether one of them is older than `today`."""
        rows = self._services.observations.changed(self._sequence, _MOST)
        if len(rows) >= _MOST:
            return {"air", "water"}, True
        domains: set[Domain] = {"water" if row.period == "instant" else "air" for row in rows}
        return domains, any(row.period == "day" or row.start < today for row in rows if row.period != "instant")

    def _begins_anew(self, day: date, sequence: int) -> bool:
        """Whether another day has begun, or a subject has announced itself with a message up to `sequence`."""
        column = tables.subject.c.sequence
        with self._services.state.engine.connect() as connection:
            newest = connection.execute(select(func.max(column)).where(column <= sequence)).scalar() or 0
        before = self._day, self._subjects
        self._day, self._subjects = day, newest
        return before != (day, newest)
