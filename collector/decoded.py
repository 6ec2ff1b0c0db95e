"""What decoding comes to, on its way into the stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from qingchuan.collector.refusal import RefusedValue
from qingchuan.store.observations import Tally, Write
from qingchuan.store.state import Announcement, DeadLetter
from qingchuan.store.tallies import plus


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
    """

    writes: list[Write] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    settings: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    others: dict[str, Tally] = field(default_factory=dict)

    def count(self, subject: str, tally: Tally) -> None:
        """Count a message without an observation."""
        self.others[subject] = plus(self.others.get(subject, Tally()), tally)

    def refuse(self, whole: DeadLetter, values: Sequence[RefusedValue]) -> None:
        """Add a dead letter for each of the `values`; `whole` is that of their message."""
        self.letters += [whole._replace(item=value.item, code=value.code, reason=value.reason) for value in values]


def digest(payload: bytes) -> bytes:
    """A short digest of `payload`.

    Examples
    --------
    >>> len(digest(b"{}"))
    16
    """
    return blake2b(payload, digest_size=16).digest()
