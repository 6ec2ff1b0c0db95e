"""What has changed since the live documents were built, and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import func, select

from qingchuan.api.parameters import Span
from qingchuan.api.services import Services
from qingchuan.processing.periods import HOUR, day_start, natural_day
from qingchuan.store import tables
from qingchuan.store.faults import which_last
from qingchuan.store.observations import Changed, Period

Domain = Literal["alerts", "water", "air"]
DOMAINS: tuple[Domain, ...] = ("alerts", "water", "air")
"""The live documents in the order they are built: what people wait for most comes first, what takes longest last."""

_MOST = 20_000
"""Changes that are looked at one by one; when there are more, everything is built again."""

_SHOWN: frozenset[Period] = frozenset({"hour", "day", "instant"})
"""Periods of which the live documents tell; minutes and values of the moment come far more often."""

_MICROSECONDS = 1_000_000


class Changes(NamedTuple):
    """What is to be built again.

    Attributes
    ----------
    domains : frozenset of Domain
    anew : bool
        Whether nothing that was kept may be used again.
    subjects : frozenset of str
        Who has changed hours or days.
    past : mapping of str to Span
        For those of them whose hours or days before today changed: the stretch in which these start.
    sequence : int
        Newest message that counts.
    now : int
        [s since 1970-01-01 UTC]
    """

    domains: frozenset[Domain]
    anew: bool
    subjects: frozenset[str]
    past: Mapping[str, Span]
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
        self._faults: object = None

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
        found = self._services.observations.changed(self._sequence, _MOST)
        rows = [row for row in found if row.period in _SHOWN]
        self._sequence = sequence
        anew = before is None or len(found) >= _MOST
        begins_anew = self._begins_anew(natural_day(now), sequence)
        if before is None or before.state != mark.state:
            begins_anew |= self._other_faults()
        return Changes(
            domains=frozenset(DOMAINS if begins_anew or before is None else _domains(before, mark, rows, anew=anew)),
            anew=anew,
            subjects=frozenset(row.subject for row in rows if row.period != "instant"),
            past={} if anew else _past(rows, day_start(natural_day(now))),
            sequence=sequence,
            now=now,
        )

    def _begins_anew(self, day: date, sequence: int) -> bool:
        """Whether another day has begun, or a subject has announced itself with a message up to `sequence`."""
        column = tables.subject.c.sequence
        with self._services.state.engine.connect() as connection:
            newest = connection.execute(select(func.max(column)).where(column <= sequence)).scalar() or 0
        before = self._day, self._subjects
        self._day, self._subjects = day, newest
        return before != (day, newest)

    def _other_faults(self) -> bool:
        """Whether other instruments look faulty than before."""
        before, self._faults = self._faults, which_last(self._services.state.engine)
        return before != self._faults


def _domains(before: Mark, mark: Mark, rows: Sequence[Changed], *, anew: bool) -> set[Domain]:
    """The documents that the changes concern."""
    domains: set[Domain] = {"water" if row.period == "instant" else "air" for row in rows}
    if before.hour != mark.hour or anew:
        domains |= {"air", "water"}
    if before.state != mark.state:
        domains |= {"alerts"}
    return domains


def _past(rows: Iterable[Changed], today: int) -> dict[str, Span]:
    """For each subject the stretch in which its changed hours and days before `today` start."""
    stretches: dict[str, Span] = {}
    for row in rows:
        if row.period != "instant" and row.start < today:
            start, end = stretches.get(row.subject, (row.start, row.start + 1))
            stretches[row.subject] = Span(min(start, row.start), max(end, row.start + 1))
    return stretches
