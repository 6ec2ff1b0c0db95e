"""An observation store as plain dictionaries: slow, and written so that it can be seen to be right."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from qingchuan.store.flag_texts import of_items
from qingchuan.store.observations import Changed, Marked, Observation, Period, Tally, Write

Key = tuple[int, str, str, str]
"""Start, subject, period and origin."""

WINS = ("derived", "reported", "audited")
"""Origins that are one figure, the later one winning."""


class Value(NamedTuple):
    """What is known of an item."""

    number: Decimal
    flag: int
    by: str


class Held(NamedTuple):
    """What is known of an observation, and the message that said it last."""

    sequence: int
    items: dict[str, Value]


class Cell(NamedTuple):
    """What is told of one subject at one time."""

    sequence: int
    items: dict[str, Value]


def said(observation: Observation) -> dict[str, Value]:
    """What an observation says of its items."""
    marks = of_items(observation.flags, observation.items)
    return {item: Value(Decimal(text), flag, marks[item].by) for item, (text, flag) in observation.items.items()}


def key_of(observation: Observation) -> Key:
    """What two observations of the same thing share."""
    return observation.start, observation.subject, observation.period, observation.origin


class Model:
    """What a store should hold after each message.

    Attributes
    ----------
    states : list of dict
        What was held after each message, that before the first one included.
    """

    def __init__(self, writes: Sequence[Write], messages: int) -> None:
        self.states: list[dict[Key, Held]] = [{}]
        self._changed: set[int] = set()
        self._writes = writes
        for sequence in range(1, messages + 1):
            now = copy.copy(self.states[-1])
            for write in writes:
                if write.sequence == sequence and self._takes(now, write):
                    self._changed.add(_counted(write))
            self.states.append(now)

    @staticmethod
    def _takes(state: dict[Key, Held], write: Write) -> bool:
        """Whether `write` changes `state`, which it then does."""
        key, told = key_of(write.observation), said(write.observation)
        if key not in state:
            state[key] = Held(write.sequence, told)
            return True
        known = state[key].items
        news = {item: value for item, value in told.items() if known.get(item) != value}
        if not write.revises:
            news = {item: value for item, value in news.items() if item not in known}
        if not news:
            return False
        state[key] = Held(write.sequence, {**known, **news})
        return True

    def cells(
        self, as_of: int, period: Period, start: int, end: int, origins: Sequence[str] = WINS
    ) -> dict[tuple[str, int], Cell]:
        """What is told of each subject and time at which there is anything, the later of `origins` winning."""
        found: dict[tuple[str, int], Cell] = {}
        for origin in origins:
            for (when, subject, of_period, of_origin), held in self.states[as_of].items():
                if of_period == period and of_origin == origin and start <= when < end:
                    before = found.get((subject, when), Cell(0, {}))
                    both = {**before.items, **held.items}
                    found[subject, when] = Cell(max(before.sequence, held.sequence), both)
        return found

    def marks(self, period: Period, start: int, end: int, as_of: int = -1) -> list[Marked]:
        """All flags that something set, the later origin last."""
        return [
            Marked(when, subject, item, value.flag, value.by)
            for origin in WINS
            for (when, subject, of_period, of_origin), held in self.states[as_of].items()
            if of_period == period and of_origin == origin and start <= when < end
            for item, value in held.items.items()
            if value.by
        ]

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What is current and was written after a message, whole messages."""
        found = sorted(
            Changed(held.sequence, subject, period, when)  # type: ignore[arg-type]  # a key holds plain texts
            for (when, subject, period, _), held in self.states[-1].items()
            if held.sequence > after
        )
        last = found[limit - 1].sequence if len(found) >= limit else len(self.states)
        return [change for change in found if change.sequence <= last]

    def revised(self, after: int, up_to: int, subjects: Sequence[str], start: int, end: int) -> list[Changed]:
        """What messages wrote, whatever came of it, of some subjects and starts."""
        return sorted(
            {
                Changed(held.sequence, key[1], key[2], key[0])  # type: ignore[arg-type]  # a key holds plain texts
                for state in self.states
                for key, held in state.items()
                if after < held.sequence <= up_to and key[1] in subjects and start <= key[0] < end
            }
        )

    def first(self, subject: str, period: Period, as_of: int) -> int | None:
        """Start of the first observation."""
        return min((key[0] for key in self.states[as_of] if key[1:3] == (subject, period)), default=None)

    def tallies(self) -> dict[str, Tally]:
        """What became of the messages that carried observations, by the subject of the first."""
        about: dict[int, str] = {}
        for write in self._writes:
            about.setdefault(_counted(write), write.observation.subject)
        about.pop(0, None)
        applied = Counter(subject for sequence, subject in about.items() if sequence in self._changed)
        return {
            subject: Tally(applied[subject], count - applied[subject])
            for subject, count in Counter(about.values()).items()
        }


def _counted(write: Write) -> int:
    """The message that counts by what becomes of `write`; 0 is none."""
    return write.sequence if write.message is None else write.message
