"""What became of the messages, in all and by subject, and whether it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec
import structlog

from qingchuan.collector.about import About
from qingchuan.collector.decoding import Decoding
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import FROM_STATIONS
from qingchuan.store.observations import Counts, Observations, Tally
from qingchuan.store.state import State
from qingchuan.store.tallies import total

_MOST_WAITING = 200_000
"""More waiting messages than this are not looked through for whom they are about."""
_HOUR = 3_600_000_000
"""[µs]"""


class Counting:
    """Counts messages, from what journal and store say.

    Parameters
    ----------
    journal : JournalReader
    observations : Observations
    state : State
    """

    def __init__(self, journal: JournalReader, observations: Observations, state: State) -> None:
        self._journal = journal
        self._observations = observations
        self._state = state

    def in_all(self) -> Counts:
        """What became of all messages: ``received = applied + duplicate + dead_letter + waiting``."""
        tally = self._observations.tally()
        received = self._journal.from_stations()
        return Counts(received, *tally, waiting=received - sum(tally))

    def by_subject(self) -> dict[str, Counts] | None:
        """What became of the messages about each subject, "" where none is known; None while too many are waiting."""
        if self.in_all().waiting > _MOST_WAITING:
            return None
        sequence, tallies = self._observations.tallies()
        waiting = self._waiting(sequence)
        subjects = sorted({*tallies, *waiting})
        return {subject: _counts(tallies.get(subject, Tally()), waiting[subject]) for subject in subjects}

    def lags(self) -> dict[str, int]:
        """How many messages lie between the head of the journal and each of those that follow it."""
        head = self._journal.head().sequence
        done = {"store": self._observations.sequence(), **self._state.cursors()}
        return {name: max(0, head - sequence) for name, sequence in done.items()}

    def difference(self) -> int:
        """How many messages of those that were applied are not accounted for, or counted twice; 0 is right."""
        before, tally = self._observations.sequence(), self._observations.tally()
        sequence, by_subject = self._observations.tallies()
        if before != sequence:
            return self.difference()
        received, counted = self._journal.from_stations_up_to(sequence), sum(tally)
        return abs(received - counted) + abs(counted - sum(total(by_subject)))

    def _waiting(self, sequence: int) -> Counter[str]:
        settings = self._state.decoding(sequence)
        decoding = msgspec.json.decode(settings, type=Decoding) if settings else Decoding()
        devices = {device.id: device for device in decoding.devices}
        about = About(decoding.prefix, self._state.subjects(), devices)
        found: Counter[str] = Counter()
        while batches := self._journal.read(sequence):
            sequence = batches[-1].last
            said = (message for batch in batches for message in batch.messages if message.kind in FROM_STATIONS)
            found.update(about(message.topic) for message in said)
        return found


class HourlyCheck:
    """Looks once an hour whether the counts add up, and says what it found.

    Parameters
    ----------
    counting : Counting
    now : callable
        [µs since 1970-01-01 UTC]
    """

    def __init__(self, counting: Counting, now: Callable[[], int]) -> None:
        self._counting = counting
        self._now = now
        self._next = now() // _HOUR * _HOUR + _HOUR
        self._log = structlog.get_logger("counts")

    def __call__(self) -> int:
        """Look, if it is time; 0, for nothing is left to do at once."""
        if self._now() < self._next:
            return 0
        self._next = self._now() // _HOUR * _HOUR + _HOUR
        difference, counts = self._counting.difference(), self._counting.in_all()._asdict()
        if difference:
            then = "what was received is in the journal; report this with the log"
            self._log.error("counts do not add up", difference=difference, then=then, **counts)
        else:
            self._log.info("counts add up", **counts)
        return 0


def _counts(tally: Tally, waiting: int) -> Counts:
    return Counts(sum(tally) + waiting, *tally, waiting=waiting)
