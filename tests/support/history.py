"""Judging what came of a history: nothing that was published is lost, nothing is counted twice, nothing old returns.

A history says how each publish ended as its station knows it. What ended ``ok`` has to be in the store, what ``failed``
must not be, and what is ``unknown`` may be there or not. No two messages tell the same, so each value that an hour ever
had comes from one message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from qingchuan.service.places import Places
from qingchuan.store.observations import Counts
from tests.support.ledger import counts, history, journaled
from tests.support.publishes import History, Key, Publish, stations


class Stored(NamedTuple):
    """What a data directory holds.

    Attributes
    ----------
    values : mapping of Key to list of int
        The values that each hour had, one after the other.
    received : Counter of (str, bytes)
        How often each message, by topic and payload, was journaled.
    counts : Counts
    """

    values: Mapping[Key, Sequence[int]]
    received: Counter[tuple[str, bytes]]
    counts: Counts


class Judgement(NamedTuple):
    """What came of a history.

    Attributes
    ----------
    published : int
    lost : list of Publish
        Ended ok, and are not in the store.
    twice : list of Publish
        Were counted more than once.
    returned : list of Publish
        Stand after what corrected them.
    invented : list of (Key, int)
        Are in the store, and were never sent.
    redelivered : int
        How often a message was journaled again.
    wrong_counts : str
        Why the counts do not add up; empty where they do.
    """

    published: int
    lost: list[Publish]
    twice: list[Publish]
    returned: list[Publish]
    invented: list[tuple[Key, int]]
    redelivered: int
    wrong_counts: str

    def holds(self) -> bool:
        """Whether all is as it has to be."""
        return not (self.lost or self.twice or self.returned or self.invented or self.wrong_counts)


def stored(*directories: Path) -> Stored:
    """What data directories hold together."""
    values: defaultdict[Key, list[int]] = defaultdict(list)
    received: Counter[tuple[str, bytes]] = Counter()
    total = Counts(0, 0, 0, 0, 0)
    for data in directories:
        for subject, _, start, items in history(data):
            value = int(items["pm25"][0])
            if values[subject, start][-1:] != [value]:  # another flag beside the same value is no second counting
                values[subject, start].append(value)
        received.update((message.topic, message.payload) for message in journaled(data))
        total = Counts(*(one + other for one, other in zip(total, counts(data), strict=True)))
    return Stored(values, received, total)


def judge(told: History, found: Stored) -> Judgement:
    """What came of `told`.

    Examples
    --------
    >>> one, two = Publish(0, ("1235A", 0), 20), Publish(1, ("1235A", 0), 21)
    >>> found = Stored({("1235A", 0): [20, 21, 20]}, Counter(), Counts(3, 3, 0, 0, 0))
    >>> judge(History([one, two], ["ok", "ok"]), found).twice
    [Publish(number=0, key=('1235A', 0), value=20)]
    """
    by_value = {(publish.key, publish.value): publish for publish in told.publishes}
    told_of = dict(zip(by_value, told.outcomes, strict=True))
    times = Counter((key, value) for key, values in found.values.items() for value in values)
    return Judgement(
        published=len(told.publishes),
        lost=[by_value[each] for each, outcome in told_of.items() if outcome == "ok" and not times[each]],
        twice=[by_value[each] for each, count in times.items() if count > 1 and each in by_value],
        returned=[by_value[each] for each in _returned(found.values) if each in by_value],
        invented=[each for each in times if told_of.get(each, "failed") == "failed"],
        redelivered=found.received.total() - len(found.received),
        wrong_counts=_wrong_counts(found.counts, len(times)),
    )


def _returned(values: Mapping[Key, Sequence[int]]) -> list[tuple[Key, int]]:
    """Values that follow a newer one: corrections only ever add."""
    return [(key, later) for key, found in values.items() for earlier, later in pairwise(found) if later < earlier]


def _wrong_counts(found: Counts, applied: int) -> str:
    parts = found.applied + found.duplicate + found.dead_letter + found.waiting
    announced = found.applied - applied
    if found.received != parts or found.waiting or found.dead_letter or announced not in {0, len(stations())}:
        return f"{found}; {applied} values were told, and {len(stations())} stations announced themselves"
    return ""


def judged(told: History, *directories: Path) -> Judgement:
    """What came of `told` in data directories."""
    return judge(told, stored(*directories))


def journal_of(data: Path) -> Path:
    """The database of the journal in a data directory."""
    return Places(data).journal / "journal.sqlite"
