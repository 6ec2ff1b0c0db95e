"""When older days of the journal are sealed: a day at a time, when there is nothing else to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import structlog

from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import Journal

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


class Sealing:
    """Seals what is older than some days, and looks again an hour after all is sealed.

    Parameters
    ----------
    journal : Journal
    now : callable
        [µs since 1970-01-01 UTC]
    recent_days : int
        Days that stay in the database of the journal. [d]
    """

    def __init__(self, journal: Journal, now: Callable[[], int], recent_days: int) -> None:
        self._journal = journal
        self._now = now
        self._recent = recent_days * _DAY
        self._next = now()
        self._log = structlog.get_logger("sealing")

    def __call__(self) -> None:
        """Seal one day if it is time. A failure leaves the rows where they are, and costs nothing else."""
        now = self._now()
        if now < self._next:
            return
        try:
            sealed = self._journal.seal(now // _DAY * _DAY - self._recent)
        except (OSError, sqlite3.Error, JournalDamagedError) as error:
            self._log.warning("not sealed", error=str(error), then="tried again in an hour")
            sealed = 0
        if not sealed:
            self._next = now + _HOUR
