"""The outbox: sends notices that wait in the state database, each once or marked as possibly repeated."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, Row, select, update

from qingchuan.alerts.notifiers import DeliveryError, Notifier
from qingchuan.store.state import writing
from qingchuan.store.tables import notice

_log = logging.getLogger(__name__)

_SECOND = 1_000_000
LEASE = 60
"""A notice that has been under way for longer is lost: its process is gone. [s]"""
FIRST_PAUSE = 5
"""Pause after the first failed attempt; it doubles with each. [s]"""
LONGEST_PAUSE = 15 * 60
"""The pause doubles up to this. [s]"""
PATIENCE = 24 * 3600
"""How long a notice is tried. [s]"""
_ROUND = 100


def pause(attempts: int) -> int | None:
    """How long to wait after so many failed attempts; None when it has been tried long enough.

    Returns
    -------
    int or None
        [s]

    Examples
    --------
    >>> [pause(attempts) for attempts in (1, 2, 8, 9, 10, 1000)]
    [5, 10, 640, 900, 900, None]
    """
    pauses = [min(FIRST_PAUSE << min(count, 16), LONGEST_PAUSE) for count in range(attempts)]
    return pauses[-1] if sum(pauses) <= PATIENCE else None


class Outbox:
    """Delivers notices. One outbox a notifier, each in a thread of its own, keeps a slow one from holding up others.

    Parameters
    ----------
    engine : Engine
        Of the state database; it gives each thread a connection of its own.
    notifiers : mapping of str to Notifier
        By the name of the target. Notices to other targets are left alone.
    now : callable
        Clock. [µs since 1970-01-01 UTC]
    """

    def __init__(self, engine: Engine, notifiers: Mapping[str, Notifier], now: Callable[[], int]) -> None:
        self._engine = engine
        self._notifiers = notifiers
        self._now = now

    def deliver(self) -> int:
        """Send what is due; how many were tried.

        Notes
        -----
        A row is claimed, and the attempt counted, before the request goes out. A process that dies in between leaves
        the row as ``sending``; it goes out again, marked, when its lease is over. A target that fails gets a rest: its
        other notices wait for the next call, so that a call lasts no longer than one timeout a target.
        """
        tried = 0
        failing: set[str] = set()
        for row in self._due():
            if row.target not in failing and self._claim(row):
                tried += 1
                if not self._send(row):
                    failing.add(row.target)
        return tried

    def _due(self) -> list[Row[Any]]:
        columns = (notice.c.id, notice.c.target, notice.c.state, notice.c.attempts, notice.c.body)
        query = (
            select(*columns, notice.c.possibly_repeated)
            .where(notice.c.target.in_(self._notifiers), notice.c.state.in_(("waiting", "sending")))
            .where(notice.c.due <= self._now())
            .order_by(notice.c.id)
            .limit(_ROUND)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query))

    def _claim(self, row: Row[Any]) -> bool:
        """Whether the row is ours to send now; another process may have been first."""
        lost = self._now() + LEASE * _SECOND
        claim = {"state": "sending", "attempts": row.attempts + 1, "due": lost, "possibly_repeated": _repeats(row)}
        return self._change(row, row.state, row.attempts, claim)

    def _send(self, row: Row[Any]) -> bool:
        """Whether the notice was taken or refused for good; False where its target fails for now."""
        try:
            self._notifiers[row.target].send({"notice": row.id, **row.body, "possibly_repeated": _repeats(row)})
        except DeliveryError as error:
            return self._failed(row, error)
        except Exception as error:  # noqa: BLE001  # a mistake of one notifier costs its notices time, not the others
            _log.exception("notifier %s broke on notice %s", row.target, row.id)
            return self._failed(row, DeliveryError(f"{row.target} broke: {error!r}", permanent=False))
        self._finish(row, {"state": "sent", "error": ""})
        return True

    def _failed(self, row: Row[Any], error: DeliveryError) -> bool:
        wait = None if error.permanent else pause(row.attempts + 1)
        if wait is None:
            _log.error("notice %s to %s failed: %s", row.id, row.target, error)
            self._finish(row, {"state": "failed", "error": str(error)})
        else:
            again = {"state": "waiting", "due": self._now() + wait * _SECOND, "error": str(error)}
            self._finish(row, {**again, "possibly_repeated": _repeats(row) or error.arrived})
        return error.permanent

    def _finish(self, row: Row[Any], values: dict[str, object]) -> None:
        """Set `values` unless another process has taken the notice for lost and claimed it."""
        self._change(row, "sending", row.attempts + 1, values)

    def _change(self, row: Row[Any], state: str, attempts: int, values: dict[str, object]) -> bool:
        """Set `values` if the row is still as it was in `state` and after so many `attempts`; whether it was."""
        unchanged = (notice.c.id == row.id) & (notice.c.state == state) & (notice.c.attempts == attempts)
        with writing(self._engine).begin() as connection:
            return connection.execute(update(notice).where(unchanged).values(values)).rowcount == 1


def _repeats(row: Row[Any]) -> bool:
    """Whether an earlier attempt may have arrived: its outcome was unclear, or its process died under way."""
    return bool(row.possibly_repeated) or row.state == "sending"
