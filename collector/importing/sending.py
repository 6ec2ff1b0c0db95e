"""Putting the messages of an import into the journal: no faster than they are applied, and not onto a full disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from qingchuan.collector.importing.parts import message_of
from qingchuan.store.import_messages import Import
from qingchuan.store.journal import Journal, JournalUnavailableError

_AHEAD = 200
"""So many messages of ours may wait to be applied, while somebody applies them."""
_GLANCE = 0.05
"""How long to wait before looking again. [s]"""


class StoppedError(Exception):
    """An import did not come to its end; what is in the journal stays there, and the next one goes on behind it."""


class Sender:
    """Appends parts.

    Parameters
    ----------
    journal : Journal
    by : str
        Who imports.
    behind : callable
        How many messages wait to be applied.
    collecting : callable
        Whether somebody applies.
    stop : threading.Event
        Ends all waiting.
    patience : float
        How long to wait while nothing gets better. [s]
    """

    def __init__(
        self,
        journal: Journal,
        by: str,
        behind: Callable[[], int],
        collecting: Callable[[], bool],
        stop: Event,
        *,
        patience: float = 60.0,
    ) -> None:
        self._journal = journal
        self._by = by
        self._behind = behind
        self._collecting = collecting
        self._stop = stop
        self._patience = patience

    def send(self, part: Import) -> int:
        """The sequence number of the message that carries `part`; it is on disk.

        Raises
        ------
        StoppedError
            There is no room, or `stop` is set.
        """
        self._wait_for_applier()
        if not self._wait_until(self._journal.has_room):
            raise StoppedError("no room is left on the disk of the journal (collector.least_free)")
        try:
            return self._journal.append([message_of(part, self._by)]).sequence
        except JournalUnavailableError as error:
            raise StoppedError(str(error)) from error

    def _wait_for_applier(self) -> None:
        """Return when few enough messages wait; or nobody applies them, or not any more."""
        behind = self._behind()
        while behind > _AHEAD and self._collecting():
            before = behind
            if not self._wait_until(lambda: self._behind() < before):  # noqa: B023 - asked at once
                return
            behind = self._behind()

    def _wait_until(self, ready: Callable[[], bool]) -> bool:
        since = time.monotonic()
        while not ready():
            if self._stop.wait(_GLANCE):
                raise StoppedError("it was told to stop")
            if time.monotonic() - since > self._patience:
                return False
        if self._stop.is_set():
            raise StoppedError("it was told to stop")
        return True
