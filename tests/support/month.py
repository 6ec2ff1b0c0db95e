"""August 2018 of a city with one station, and of a section, as messages; and services on what came of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

from qingchuan.api.services import Services
from qingchuan.collector.applier import Applier
from qingchuan.processing.periods import HOUR, parse_instant, to_beijing
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State
from tests.support.applying import settings_of

CITY, STATION, SECTION = "330200", "1235A", "dazha"
MONTH = "2018-08"
BEGIN = parse_instant("2018-08-01T00:00:00+08:00")
HOURS = 31 * 24
RECEIVED = parse_instant("2018-09-03T09:00:00+08:00")

_ANNOUNCED = {
    CITY: {"kind": "city", "name": {"zh": "宁波", "en": "Ningbo"}},
    STATION: {"kind": "air-station", "name": {"zh": "万里学院", "en": "Wanli"}, "city": CITY},
    SECTION: {
        "kind": "section",
        "name": {"zh": "大闸", "en": "Dazha"},
        "river": {"zh": "姚江", "en": "Yaojiang"},
        "water_body": "river",
        "target_class": 3,
        "city": CITY,
    },
}


def announcements() -> list[Message]:
    """Who is observed."""
    return [_message(subject, "station", told) for subject, told in _ANNOUNCED.items()]


def hour(number: int, **values: float) -> Message:
    """An hour of the month, by its number from 0; values that go up and down, and those that are told."""
    wave, day = number % 24, number // 24
    usual = {
        "so2": 6 + wave % 5,
        "no2": 20 + wave + day % 7,
        "pm10": 40 + 2 * wave + day,
        "pm25": 20 + wave + day,
        "co": 0.5 + wave / 100,
        "o3": 40 + 5 * (wave if wave < 14 else 24 - wave) + day,
    }
    told = {item: round(value, 2) for item, value in (usual | values).items()}
    return _message(STATION, "hour", {"start": _time(BEGIN + number * HOUR), "values": told})


def reading(number: int, tp: float = 0.05) -> Message:
    """A reading of the section, each four hours."""
    wave = {"ph": 7.4 + number % 3 / 10, "do": 7 + number % 5 / 10, "codmn": 2 + number % 4 / 10, "nh3n": 0.2, "tp": tp}
    values = {item: round(value, 2) for item, value in wave.items()}
    return _message(SECTION, "reading", {"time": _time(BEGIN + 4 * number * HOUR), "values": values})


def month() -> list[Message]:
    """All of it."""
    return [
        settings_of(),
        *announcements(),
        *(hour(number) for number in range(HOURS)),
        *(reading(number) for number in range(HOURS // 4)),
    ]


class Stores:
    """Journal, store and state in a folder, applied and read by one process.

    Parameters
    ----------
    folder : Path
        A journal that is there stays; all else is made of it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        migrate(folder / "state.sqlite")
        self.received = RECEIVED * 1_000_000
        self._journal = Journal(folder / "journal", lambda: self.received)
        self.observations = EmbeddedObservations(folder / "observations.sqlite")
        self.state = State(folder / "state.sqlite")
        self._applier = Applier(self._journal, self.observations, self.state)

    def take(self, *messages: Message) -> None:
        """Append `messages`, and apply all that there is."""
        self.append(messages)
        self.apply()

    def append(self, messages: Iterable[Message]) -> int:
        """Append `messages`; the number of the last."""
        given = list(messages)
        return self._journal.append(given).last if given else 0

    def apply(self) -> None:
        """Apply all that there is."""
        while self._applier.step():
            pass

    def services(self, services: Services) -> Services:
        """Other services, on these stores."""
        return dataclasses.replace(
            services,
            state=self.state,
            observations=self.observations,
            now=lambda: self.received,
            received=self._received,
            open_journal=lambda: JournalReader(self.folder / "journal"),
            append=self.append,
        )

    def close(self) -> None:
        """Close all files."""
        for opened in (self._journal, self.observations, self.state):
            opened.close()

    def _received(self, sequence: int) -> int | None:
        return next((row.received for row in self._journal.rows(sequence - 1, limit=1)), None)


def _time(seconds: int) -> str:
    return to_beijing(seconds).isoformat()


def _message(subject: str, kind: str, told: object) -> Message:
    return Message("mqtt", "c", f"qingchuan/{subject}/{kind}", json.dumps(told).encode())
