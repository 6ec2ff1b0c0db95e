"""What stations published: each message once or corrected, and how each publish ended as its station knows it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

Outcome = Literal["ok", "failed", "unknown"]

Key = tuple[str, int]
"""Subject and start of an hour [s since 1970-01-01 UTC]."""

_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_STATIONS = 200
_CORRECTED = 0.1
"""This share of the messages corrects one that its station sent shortly before."""
_LATELY = 400
"""Of the last so many messages, one may be corrected."""
_LOWEST, _STEP, _DAY = 20, 2, 24
"""A day begins with this value, which rises until noon and falls again, by so much an hour; a correction adds one."""


class Publish(NamedTuple):
    """A message that a station published.

    Attributes
    ----------
    number : int
        Counts all messages of all stations, from 0.
    key : Key
    value : int
        Of PM2.5; of one hour no two are alike.
    """

    number: int
    key: Key
    value: int

    def topic(self, prefix: str) -> str:
        """Where it goes."""
        return f"{prefix}/{self.key[0]}/hour"

    def payload(self) -> bytes:
        """What it says; it has no number of its own, so that only what it says tells a repeat."""
        start = datetime.fromtimestamp(self.key[1], UTC).isoformat()
        return f'{{"start":"{start}","values":{{"pm25":{self.value}}}}}'.encode()


@dataclass
class History:
    """What was published, in its order, and how that ended.

    Attributes
    ----------
    publishes : list of Publish
    outcomes : list of Outcome
        ``ok`` is what the broker acknowledged, ``failed`` what was never sent, ``unknown`` what was on its way when a
        connection broke.
    """

    publishes: list[Publish] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, publish: Publish) -> None:
        """A message is about to be published: until more is known it may have arrived or not."""
        self.publishes.append(publish)
        self.outcomes.append("unknown")


def stations() -> list[tuple[str, bytes]]:
    """Topic and payload of the announcements, which come before all else."""
    told = '{"kind": "air-station", "name": {"zh": "站", "en": "Station"}, "city": "330200"}'.encode()
    return [(f"qingchuan/{subject}/station", told) for subject in _subjects()]


def messages(count: int, seed: int, corrected: float = _CORRECTED) -> Iterator[Publish]:
    """So many messages: the hours of all stations one after the other, and corrections of the latest among them.

    Parameters
    ----------
    count, seed : int
    corrected : float
        The share of corrections.
    """
    chance, subjects = random.Random(seed), _subjects()
    lately: list[Publish] = []
    hours = 0
    for number in range(count):
        if lately and chance.random() < corrected:
            at = chance.randrange(len(lately))
            told = Publish(number, lately[at].key, lately[at].value + 1)
            lately[at] = told
        else:
            hour, which = divmod(hours, _STATIONS)
            told = Publish(number, (subjects[which], _start(hour)), _first_value(hour))
            hours += 1
            lately = [*lately[-_LATELY:], told] if len(lately) >= 2 * _LATELY else [*lately, told]
        yield told


def _subjects() -> list[str]:
    return [f"{1000 + number}A" for number in range(_STATIONS)]


def _first_value(hour: int) -> int:
    """No line of equal values, and no spike: an instrument that looks broken would cost time of its own."""
    return _LOWEST + _STEP * min(hour % _DAY, _DAY - hour % _DAY)


def _start(hour: int) -> int:
    return int((_FIRST + timedelta(hours=hour)).timestamp())
