"""What a message of kind ``again`` says: which dead letters are to be tried once more, who says so, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine

from qingchuan.store.dead_letters import Range, Wanted, named, ranges_of
from qingchuan.store.messages import Message

MOST = 2000
"""So many messages are applied again by one; who names more needs several, between which others are applied."""

LONGEST = 500
"""Characters of a reason or of a name, at most."""


class Again(msgspec.Struct, frozen=True):
    """The payload.

    Attributes
    ----------
    sequences : tuple of Range
        First and last of the messages that are named. Those with letters that are not settled are decoded once more:
        the `MOST` newest.
    by : str
        The person who says so.
    reason : str
        What was mended.
    """

    sequences: tuple[Range, ...]
    by: str
    reason: str


class Naming(NamedTuple):
    """What is to be appended.

    Attributes
    ----------
    number : int
        How many messages it names.
    messages : iterator of Message
        Each is a row of the journal: so nothing else has to wait until all of them are applied.
    """

    number: int
    messages: Iterator[Message]


def naming(engine: Engine, wanted: Wanted, by: str, reason: str, source: str) -> Naming:
    """The messages that name all letters that are wanted and not settled.

    Announcements come first, for what follows may rest on them; of the others the newest come first, for what an older
    one tells only fills in what is not there.

    Parameters
    ----------
    engine : Engine
    wanted : Wanted
    by, reason : str
        As in `Again`.
    source : str
        Where it was said: ``command`` or ``web``.
    """
    sequences = named(engine, wanted)
    parts = (sequences[first : first + MOST] for first in range(0, len(sequences), MOST))
    return Naming(len(sequences), (_message(part, by, reason, source) for part in parts))


def _message(sequences: Sequence[int], by: str, reason: str, source: str) -> Message:
    told = Again(tuple(ranges_of(sequences)), by, reason)
    return Message("again", source, "", msgspec.json.encode(told))
