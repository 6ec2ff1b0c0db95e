"""What became of the messages, in all and by subject, and whether it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
import structlog

from qingchuan.collector.about import About
from qingchuan.collector.decoding import Decoding
from qingchuan.store import dead_letters
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import FROM_STATIONS
from qingchuan.store.observations import Counts, Observations, Tally
from qingchuan.store.state import State
from qingchuan.store.tallies import total

_MOST_WAITING = 200_000
"""More waiting messages than this are not looked through for whom they are about."""
_NOBODY: Mapping[str, Callable[[], int]] = MappingProxyType({})


class Counting:
    """Counts messages, from what journal and store say.

    Parameters
    ----------
    journal : JournalReader
    observations : Observations
    state : State
    followers : mapping of str to callable
        Who else follows the journal, and up to which message.
    """

    def __init__(
        self,
        journal: JournalReader,
        observations: Observations,
        state: State,
        followers: Mapping[str, Callable[[], int]] = _NOBODY,
    ) -> None:
        self._followers = followers
        self._journal = journal
        self._observations = observations
        self._state = state

    def in_all(self) -> Counts:
        """What became of all messages: ``received = applied + duplicate + dead_letter + waiting``, if all is right.

        Each is counted by itself: those that wait are what the journal has after the last one that was applied.
        """
        sequence, tally, _ = self._at_one_moment()
        before, received = self._journal.from_stations_up_to(sequence), self._journal.from_stations()
        return Counts(received, *tally, waiting=received - before)

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
        done |= {name: sequence() for name, sequence in self._followers.items()}
        return {name: max(0, head - sequence) for name, sequence in done.items()}

    def difference(self) -> int:
        """How many messages of those that were applied are not accounted for, or counted twice; 0 is right.

        The sum of all is what the journal has, each count is the sum over the subjects and not below zero, and the
        dead letters of each subject are those that are kept and were not settled.
        """
        sequence, tally, by_subject = self._at_one_moment()
        kept = dead_letters.whole_by_subject(self._state.engine, sequence)
        refused = {subject: counts.dead_letter for subject, counts in by_subject.items()}
        return (
            abs(self._journal.from_stations_up_to(sequence) - sum(tally))
            + _apart(tally, total(by_subject))
            + sum(max(0, -count) for counts in (tally, *by_subject.values()) for count in counts)
            + sum(abs(kept.get(name, 0) - refused.get(name, 0)) for name in kept.keys() | refused)
        )

    def _at_one_moment(self) -> tuple[int, Tally, Mapping[str, Tally]]:
        """The last message that was applied, and what became of all up to there, in all and by subject."""
        while True:
            before, tally = self._observations.sequence(), self._observations.tally()
            sequence, by_subject = self._observations.tallies()
            if before == sequence:
                return sequence, tally, by_subject

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


def check_counts(counting: Counting) -> str:
    """Look whether the counts add up, and say it in the log; what was found, in a few words."""
    log = structlog.get_logger("counts")
    difference, counts = counting.difference(), counting.in_all()
    if difference:
        then = "what was received is in the journal; report this with the log"
        log.error("counts do not add up", difference=difference, then=then, **counts._asdict())
        return f"{difference} messages are not accounted for"
    log.info("counts add up", **counts._asdict())
    return f"{counts.received} messages add up"


def _apart(one: Tally, other: Tally) -> int:
    return sum(abs(first - second) for first, second in zip(one, other, strict=True))


def _counts(tally: Tally, waiting: int) -> Counts:
    return Counts(sum(tally) + waiting, *tally, waiting=waiting)
