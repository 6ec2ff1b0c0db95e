"""Appending to the journal beside the collector: what people say is a message too."""

from __future__ import annotations

from collections.abc import Iterable

from qingchuan.service.clock import clock_from
from qingchuan.service.places import Places
from qingchuan.service.settings import Settings
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message

_MEGABYTE = 1_000_000


def append(places: Places, settings: Settings, messages: Iterable[Message]) -> int:
    """Append `messages` to the journal, a row each, in their order; the number of the last one, 0 where there is none.

    Raises
    ------
    JournalUnavailableError
        It takes nothing; those before are in it.
    JournalDamagedError
        It has lost messages that were acknowledged.
    """
    least_free = settings.collector.least_free * _MEGABYTE
    journal = Journal(places.journal, clock_from(settings).now, least_free=least_free)
    last = 0
    try:
        for message in messages:
            last = journal.append([message]).last
    finally:
        journal.close()
    return last
