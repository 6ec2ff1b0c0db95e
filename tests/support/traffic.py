"""Messages of several stations, no two of them alike, and what a plain dictionary makes of them in their order.

Stations correct themselves, tell again what they have told (under another number), announce themselves anew, and now
and then send what cannot be used. What all that comes to is worked out here without any code of ours.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from qingchuan.simulators.publisher import Outgoing

AIR = ("1233A", "1234A", "1235A", "1236A")
SECTIONS = ("dazha", "qinglindu", "xikou")
CITY = "330200"
_HOUR, _DAY = 3600, 86400
_BEIJING = 8 * _HOUR
_PERIODS = {"hour": "hour", "day": "day", "reading": "instant"}

Told = tuple[str, str, int, dict[str, tuple[str, int]]]
"""Subject, period, start, and the items of an observation as text and flag."""


@dataclass
class Traffic:
    """What is published, in its order, and what has to come of it.

    Attributes
    ----------
    messages : list of (topic, payload, retained)
        Announcements first.
    applied, duplicate, dead_letter : int
        Messages that change something, tell what is known, and cannot be used.
    history : list of Told
        Each observation as it was after each message that changed it: one revision a message.
    names : dict of str to str
        The English name that each subject announced last.
    """

    messages: list[Outgoing] = field(default_factory=list)
    applied: int = 0
    duplicate: int = 0
    dead_letter: int = 0
    history: list[Told] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def current(self) -> dict[tuple[str, str, int], dict[str, tuple[str, int]]]:
        """The observations as they are in the end."""
        return {(subject, period, start): items for subject, period, start, items in self.history}

    def superseded(self) -> int:
        """How many revisions were replaced by a later one."""
        return len(self.history) - len(self.current())


class Stations:
    """Stations that talk.

    Parameters
    ----------
    chance : random.Random
        Decides who says what.
    now : int
        Readings of water lie in the hour before it, those of air in the two days before it. [s since 1970-01-01 UTC]
    """

    def __init__(self, chance: random.Random, now: int) -> None:
        self.traffic = Traffic()
        self._chance = chance
        self._now = now
        self._numbers: Counter[str] = Counter()
        self._known: dict[tuple[str, str, int], dict[str, tuple[str, int]]] = {}
        for subject in (*AIR, *SECTIONS, CITY):
            self.announce(subject)

    def talk(self, count: int) -> None:
        """Add `count` messages."""
        for _ in range(count):
            subject = self._chance.choice((*AIR, *AIR, *SECTIONS, *SECTIONS, CITY))
            (say,) = self._chance.choices((self._observe, self.announce, self._err), weights=(96, 1, 3))
            say(subject)

    def announce(self, subject: str) -> None:
        """Tell who `subject` is, under a name that it never had."""
        name = f"{subject} {self._number(subject)}"
        told = {"name": {"zh": "站", "en": name}, "simulated": True, **_KIND[_kind(subject)]}
        self._send(subject, "station", told, retained=True)
        self.traffic.names[subject] = name
        self.traffic.applied += 1

    def _observe(self, subject: str) -> None:
        message = _kind(subject)
        start, time = self._time(message)
        items = {item: (self._value(item), 1) for item in self._items(message)}
        values = ",".join(f'"{item}":{value}' for item, (value, _) in items.items())
        self._send(subject, message, f'{{{time},"seq":{self._number(subject)},"values":{{{values}}}}}')
        key = (subject, _PERIODS[message], start)
        merged = {**self._known.get(key, {}), **items}
        if self._known.get(key) == merged:
            self.traffic.duplicate += 1
            return
        self._known[key] = merged
        self.traffic.applied += 1
        self.traffic.history.append((*key, merged))

    def _err(self, subject: str) -> None:
        number = self._number(subject)
        far = f'{{"time":"2999-01-01T00:00:00Z","seq":{number},"values":{{"ph":7}}}}'
        empty = f'{{"start":"2026-01-01T00:00:00Z","seq":{number},"values":{{}}}}'
        wrong = {"hour": f"pm25=35;seq={number}", "reading": far, "day": empty}[_kind(subject)]
        self._send(subject, _kind(subject), wrong)
        self.traffic.dead_letter += 1

    def _send(self, subject: str, message: str, told: object, *, retained: bool = False) -> None:
        text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
        self.traffic.messages.append((f"qingchuan/{subject}/{message}", text.encode(), retained))

    def _time(self, message: str) -> tuple[int, str]:
        if message == "reading":
            instant = self._now - 60 * self._chance.randrange(5, 50)
            return instant, f'"time":"{_iso(instant)}"'
        if message == "day":
            start = (self._now + _BEIJING) // _DAY * _DAY - _BEIJING - _DAY * self._chance.randrange(1, 8)
            return start, f'"start":"{_iso(start)}"'
        end = self._now // _HOUR * _HOUR - _HOUR * self._chance.randrange(48)
        return end - _HOUR, f'"end":"{_iso(end)}"'

    def _items(self, message: str) -> list[str]:
        items = _ITEMS[message]
        return sorted(self._chance.sample(items, self._chance.randint(1, 2)))

    def _value(self, item: str) -> str:
        return self._chance.choice(_VALUES.get(item, ("12", "35", "57")))

    def _number(self, subject: str) -> int:
        self._numbers[subject] += 1
        return self._numbers[subject]


_ITEMS = {"hour": ("pm25", "pm10", "o3"), "day": ("pm25", "o3_8h"), "reading": ("ph", "do", "codmn", "tp")}
# Of three readings about one is of class Ⅴ or worse: alerts open and close.
_VALUES = {
    "ph": ("7.1", "7.2"),
    "do": ("6.5", "7.75", "2.5"),
    "codmn": ("3.1", "5.5"),
    "tp": ("0.015", "0.12", "0.45"),
}
_KIND: dict[str, dict[str, Any]] = {
    "hour": {"kind": "air-station", "city": CITY},
    "day": {"kind": "city"},
    "reading": {"kind": "section", "water_body": "river", "city": CITY},
}


def _kind(subject: str) -> str:
    return "hour" if subject in AIR else "reading" if subject in SECTIONS else "day"


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
