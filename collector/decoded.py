"""What decoding comes to, on its way into the stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, Final

from qingchuan.collector.hj212.checks import Checked
from qingchuan.collector.letters import bounded, each
from qingchuan.collector.refusal import RefusedValue
from qingchuan.store.faults import FaultRuns
from qingchuan.store.imports import Part, Published
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally, Write
from qingchuan.store.state import Announcement, DeadLetter
from qingchuan.store.station_checks import Check
from qingchuan.store.tallies import plus

_TOLD_OF_A_STEP: Final = frozenset({"letters", "digests"})
"""Keeping them twice changes nothing."""


@dataclass
class Decoded:
    """What consecutive messages came to.

    Attributes
    ----------
    writes : list of Write
    announcements : list of Announcement
    letters : list of DeadLetter
    digests : dict of str to bytes
        Digest of the payload for topics that a broker keeps.
    settings : list of (int, str)
        Sequence number and JSON of `Decoding`.
    repeated : list of int
        Messages that a broker had sent before.
    others : dict of str to Tally
        What became of the messages without an observation, by the subject that they are about.
    refused : dict of str to int
        How many messages were refused besides, by the subject that they are about.
    parts : list of Part
        How far imports have come.
    figures : list of Published
    checks : list of Checked
        What stations tell of their own quality control.
    judged : list of Check
        The same, judged.
    faults : list of FaultRuns
        What the quality tests found of instruments.
    decoded : list of (int, list)
        Where some writes that follow one another begin, and their values as `native_runs` decodes them: they came
        without flags, and may revise.
    """

    writes: list[Write] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    settings: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    others: dict[str, Tally] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    figures: list[Published] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    judged: list[Check] = field(default_factory=list)
    faults: list[FaultRuns] = field(default_factory=list)
    decoded: list[tuple[int, list[Any]]] = field(default_factory=list)

    def count(self, subject: str, tally: Tally) -> None:
        """Count a message without an observation."""
        known = self.others.get(subject)
        self.others[subject] = tally if known is None else plus(known, tally)

    def tallies(self) -> dict[str, Tally]:
        """What became of all messages without an observation, by the subject that they are about."""
        found = dict(self.others)
        for subject, count in self.refused.items():
            found[subject] = plus(found.get(subject, Tally()), Tally(dead_letter=count))
        return found

    def tell(self, values: object) -> None:
        """Add the decoded `values` of the write that comes next."""
        place = len(self.writes)
        if self.decoded:
            begin, told = self.decoded[-1]
            if begin + len(told) == place:
                told.append(values)
                return
        self.decoded.append((place, [values]))

    def is_settled(self) -> None:
        """Go on after all of it was taken into the stores. Letters and digests stay, to be told of the whole step."""
        for part in fields(self):
            if part.name not in _TOLD_OF_A_STEP:
                getattr(self, part.name).clear()

    def refuse(self, whole: DeadLetter, values: Sequence[RefusedValue]) -> None:
        """Add a dead letter for each of the `values`, within bounds; `whole` is that of their message."""
        self.letters += bounded(each(whole, values))


class DecodedWhole(Decoded):
    """What a message comes to that is tried again: all that is refused of it has to be known, to settle what is not."""

    def refuse(self, whole: DeadLetter, values: Sequence[RefusedValue]) -> None:
        """Add a dead letter for each of the `values`; `whole` is that of their message."""
        self.letters += each(whole, values)


def digest(payload: bytes) -> bytes:
    """A short digest of `payload`.

    Examples
    --------
    >>> len(digest(b"{}"))
    16
    """
    return blake2b(payload, digest_size=16).digest()


def letter_of(sequence: int, received: int, message: Message, subject: str, start: int | None) -> DeadLetter:
    """The dead letter of a message, which does not say yet what was wrong with it.

    Examples
    --------
    >>> letter_of(7, 0, Message("mqtt", "collector", "qingchuan/1235A/hour", b"{}"), "1235A", None).topic
    'qingchuan/1235A/hour'
    """
    return DeadLetter(sequence, None, received, message.topic, "", "", subject, start)
