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
_HOUR = 3600 * _SECOND
LEASE = 60
"""A notice that has been under way for longer is lost: its process is gone. Notifiers give up well before. [s]"""
FIRST_PAUSE = 5
"""Pause after the first failed attempt; it doubles with each. [s]"""
LONGEST_PAUSE = 15 * 60
"""The pause doubles up to this. [s]"""
PATIENCE = 24 * 3600
"""How old a notice may be that is sent: what is older would pass for news. [s]"""
_ROUND = 100


def pause(attempts: int) -> int:
    """How long to wait after so many failed attempts, at least one, in seconds.

    Examples
    --------
    >>> [pause(attempts) for attempts in (1, 2, 8, 9, 1000)]
    [5, 10, 640, 900, 900]
    """
    return min(FIRST_PAUSE << min(attempts - 1, 16), LONGEST_PAUSE)


class _Rests:
    """Which targets rest since they fail: after each failure in a row for longer, with all their notices."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._until: dict[str, int] = {}

    def is_over(self, target: str, now: int) -> bool:
        """Whether `target` may be tried at `now`, in µs since 1970-01-01 UTC."""
        return now >= self._until.get(target, 0)

    def begin(self, target: str, now: int) -> None:
        """`target` has failed at `now`."""
        self._failures[target] = self._failures.get(target, 0) + 1
        self._until[target] = now + pause(self._failures[target]) * _SECOND

    def end(self, target: str) -> None:
        """`target` has answered."""
        self._failures.pop(target, None)
        self._until.pop(target, None)


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
        self._rests = _Rests()

    def deliver(self) -> int:
        """Send what is due; how many were delivered.

        Notes
        -----
        A row is claimed, and the attempt counted, before the request goes out. A process that dies in between leaves
        the row as ``sending``; it goes out again, marked, when its lease is over. A target that fails gets a rest: all
        its notices wait, so that a call lasts no longer than one timeout a target. Whichever has been due for longest
        goes first then, so that one that the target cannot take does not stop the others.
        """
        return sum(self._deliver(row) for row in self._due())

    def _deliver(self, row: Row[Any]) -> bool:
        now = self._now()
        if now > row.created + PATIENCE * _SECOND:
            self._expire(row, now)
            return False
        return self._rests.is_over(row.target, now) and self._claim(row) and self._send(row)

    def _due(self) -> list[Row[Any]]:
        now = self._now()
        awake = [target for target in self._notifiers if self._rests.is_over(target, now)]
        query = (
            select(notice)
            .where(notice.c.target.in_(awake), notice.c.state.in_(("waiting", "sending")), notice.c.due <= now)
            .order_by(notice.c.due, notice.c.id)
            .limit(_ROUND)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query)) if awake else []

    def _claim(self, row: Row[Any]) -> bool:
        """Whether the row is ours to send now; another process may have been first."""
        lost = self._now() + LEASE * _SECOND
        claim = {"state": "sending", "attempts": row.attempts + 1, "due": lost, "possibly_repeated": _repeats(row)}
        return self._change(row, row.state, row.attempts, claim)

    def _expire(self, row: Row[Any], now: int) -> None:
        age, limit = (now - row.created) // _HOUR, PATIENCE // 3600
        before = f"; before: {row.error}" if row.error else ""
        error = f"notice is {age} h old; none is sent after {limit} h, see docs/webhook.md{before}"
        values = {"state": "failed", "error": error, "possibly_repeated": _repeats(row)}
        if self._change(row, row.state, row.attempts, values):
            _log.error("notice %s to %s failed: %s", row.id, row.target, error)

    def _send(self, row: Row[Any]) -> bool:
        """Whether the notice was taken."""
        try:
            self._notifiers[row.target].send({"notice": row.id, **row.body, "possibly_repeated": _repeats(row)})
        except DeliveryError as error:
            self._failed(row, error)
        except Exception as error:  # noqa: BLE001  # a mistake of one notifier costs its notices time, not the others
            _log.exception("notifier %s broke on notice %s", row.target, row.id)
            self._failed(row, DeliveryError(f"{row.target} broke: {error!r}", permanent=False))
        else:
            self._rests.end(row.target)
            self._finish(row, {"state": "sent", "error": ""})
            return True
        return False

    def _failed(self, row: Row[Any], error: DeliveryError) -> None:
        if error.permanent:
            self._rests.end(row.target)
            self._give_up(row, str(error))
            return
        now = self._now()
        self._rests.begin(row.target, now)
        due = now + pause(row.attempts + 1) * _SECOND
        if due > row.created + PATIENCE * _SECOND:
            self._give_up(row, f"{error}; it was tried for {PATIENCE // 3600} h")
        else:
            if not row.attempts:
                _log.warning("notice %s to %s was not taken, it is tried again: %s", row.id, row.target, error)
            repeats = _repeats(row) or error.arrived
            self._finish(row, {"state": "waiting", "due": due, "error": str(error), "possibly_repeated": repeats})

    def _give_up(self, row: Row[Any], error: str) -> None:
        _log.error("notice %s to %s failed: %s", row.id, row.target, error)
        self._finish(row, {"state": "failed", "error": error})

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
