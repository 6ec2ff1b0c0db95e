"""What became of messages, counted by the subject that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qingchuan.store.observations import Tally, Write

UNKNOWN = ""
"""Messages that are about no subject that was announced."""


NONE = 0
"""Stands for the message of a write that counts for none."""


def messages_of(writes: Sequence[Write]) -> list[int]:
    """The message that each of `writes` counts for, the last one first.

    Examples
    --------
    >>> from qingchuan.store.observations import Observation
    >>> hour = Observation("1235A", "hour", 0, "reported", "{}")
    >>> messages_of([Write(7, hour), Write(9, hour, revises=False, message=3)])
    [3, 7]
    """
    return [write.sequence if write.message is None else write.message for write in reversed(writes)]


def by_subject(writes: Sequence[Write], taken: Sequence[Write], others: Mapping[str, Tally]) -> dict[str, Tally]:
    """What became of the messages of `writes` and of `others`, by subject.

    A message counts once: one with several observations at the subject of the first.

    Parameters
    ----------
    writes : sequence of Write
    taken : sequence of Write
        Those of them that changed anything.
    others : mapping of str to Tally
        What became of the messages that carried no observation.

    Examples
    --------
    >>> from qingchuan.store.observations import Observation
    >>> writes = [Write(number, Observation("1235A", "hour", 0, "reported", "{}")) for number in (1, 2)]
    >>> by_subject(writes, writes[:1], {"": Tally(dead_letter=1)})
    {'1235A': Tally(applied=1, duplicate=1, dead_letter=0), '': Tally(applied=0, duplicate=0, dead_letter=1)}
    """
    about = dict(zip(messages_of(writes), [write.observation.subject for write in reversed(writes)], strict=True))
    about.pop(NONE, None)
    told = Counter(about.values())
    if len(taken) == len(writes):
        applied = told
    else:
        applied = Counter(about[message] for message in set(messages_of(taken)) - {NONE})
    found = {subject: Tally(applied[subject], count - applied[subject]) for subject, count in told.items()}
    for subject, tally in others.items():
        found[subject] = plus(found.get(subject, Tally()), tally)
    return found


def plus(one: Tally, other: Tally) -> Tally:
    """The sum of both.

    Examples
    --------
    >>> plus(Tally(applied=1), Tally(applied=2, dead_letter=3))
    Tally(applied=3, duplicate=0, dead_letter=3)
    """
    return Tally(one.applied + other.applied, one.duplicate + other.duplicate, one.dead_letter + other.dead_letter)


def total(tallies: Mapping[str, Tally]) -> Tally:
    """The sum of all.

    Examples
    --------
    >>> total({"1235A": Tally(applied=1), "": Tally(dead_letter=2)})
    Tally(applied=1, duplicate=0, dead_letter=2)
    """
    return Tally(*(sum(column) for column in zip(*tallies.values(), strict=True))) if tallies else Tally()
