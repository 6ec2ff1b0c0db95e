"""What a batch of writes comes to: points, rows that they supersede, and who changed anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qingchuan.store.influx.lines import Point
from qingchuan.store.influx.queries import WholeKey
from qingchuan.store.observations import Observation, Write
from qingchuan.store.rows import Texts, fill, merge

_DIGEST = 8
"""Two different texts of one observation have the same digest of so many bytes once in 10¹⁹ revisions."""

_Superseded = tuple[int, str, str, str, int, str, str, int]
"""A row of the table `superseded`."""


class Held(NamedTuple):
    """What is known of an observation without asking the server.

    Attributes
    ----------
    sequence : int
        The message that said it last.
    digest : bytes
        Of its texts.
    """

    sequence: int
    digest: bytes


class Plan:
    """What writes come to.

    Parameters
    ----------
    writes : sequence of Write
        In their order.
    held : mapping of key to Held
        Of all observations that are there.
    stored : mapping of key to Texts
        Of those of them that may change.

    Attributes
    ----------
    points : dict of key to Point
        What has to be written.
    superseded : list of tuple
        Rows that were current before, with the message that ended them.
    taken : list of Write
        Those that changed anything.
    """

    def __init__(
        self, writes: Sequence[Write], held: Mapping[WholeKey, Held], stored: Mapping[WholeKey, Texts]
    ) -> None:
        self.points: dict[WholeKey, Point] = {}
        self.superseded: list[_Superseded] = []
        self._held = held
        self._stored = stored
        self.taken = [write for write in writes if self._takes(write)]

    def current(self) -> Iterator[tuple[int, str, str, str, int, bytes]]:
        """The rows of what is current after the writes."""
        for key, point in self.points.items():
            yield *key, point.sequence, digest(point.observation)

    def _takes(self, write: Write) -> bool:
        """Whether `write` changes anything."""
        key = key_of(write.observation)
        point = self.points.get(key)
        if point is None and key not in self._held:
            self.points[key] = Point(write.sequence, write.observation)
            return True
        if point is None and key not in self._stored:
            return False  # it has the digest of what is held
        sequence = point.sequence if point else self._held[key].sequence
        known = texts_of(point.observation) if point else self._stored[key]
        merged = (merge if write.revises else fill)(known, texts_of(write.observation))
        if merged == known:
            return False
        if sequence != write.sequence:  # what a message says twice was never anything else
            self.superseded.append((*key, sequence, *known, write.sequence))
        told = write.observation
        self.points[key] = Point(
            write.sequence, Observation(told.subject, told.period, told.start, told.origin, *merged), replaces=True
        )
        return True


def key_of(observation: Observation) -> WholeKey:
    """What two observations of the same thing share."""
    return observation.start, observation.subject, observation.period, observation.origin


def texts_of(observation: Observation) -> Texts:
    """The texts of an observation."""
    return Texts(observation.values, observation.flags)


def digest(texts: Texts | Observation) -> bytes:
    """Digest of the texts of an observation."""
    return hashlib.blake2b(f"{texts.values}{texts.flags}".encode(), digest_size=_DIGEST).digest()
