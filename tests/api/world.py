"""A small city with its stations and sections in real stores, and the application on top of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from qingchuan.alerts.rules import load_rules
from qingchuan.api.services import Services
from qingchuan.processing.periods import day_start, parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.observations import Counts, Observation, Origin, Period, Tally, Write
from qingchuan.store.state import Announcement, DeadLetter, State
from qingchuan.store.subjects import AirStation, City, Name, Section, Subject

CITY = "330200"
NOW = "2026-11-25T08:05:00+08:00"
GOOD_HOUR = {"so2": "8", "no2": "30", "pm10": "60", "pm25": "35", "co": "0.7", "o3": "80"}
GOOD_DAY = {"so2": "8", "no2": "30", "pm10": "60", "pm25": "35", "co": "0.7", "o3_8h": "80"}
CLEAN_READING = {"ph": "7.5", "do": "8", "codmn": "1.5", "nh3n": "0.1", "tp": "0.05"}

SUBJECTS: dict[str, Subject] = {
    CITY: City(Name("宁波", "Ningbo"), simulated=True),
    "1234A": AirStation(Name("区环保大楼", "District building"), CITY, 121.836, 29.9108, simulated=True),
    "1235A": AirStation(Name("万里学院", "Wanli College"), CITY, 121.56, 29.8208, simulated=True),
    "yaojiang": Section(Name("姚江", "Yao River gate"), "river", Name("姚江", "Yao River"), CITY, 3, simulated=True),
    "dongqian": Section(Name("东钱湖", "Dongqian Lake"), "lake", None, CITY, simulated=True),
}


@dataclass
class Clock:
    """A clock that stands where a test puts it.

    Attributes
    ----------
    time : str
        ISO 8601 with an offset.
    """

    time: str = NOW

    def __call__(self) -> int:
        """Its time [µs since 1970-01-01 UTC]."""
        return parse_instant(self.time) * 1_000_000


class _Counting:
    """The counts that a test has set."""

    def __init__(self, world: World) -> None:
        self._world = world

    def in_all(self) -> Counts:
        """Of all messages."""
        return self._world.counts

    def by_subject(self) -> dict[str, Counts] | None:
        """Of the messages about each subject."""
        return self._world.counts_by_subject

    def lags(self) -> dict[str, int]:
        """Of those that follow the journal."""
        return {"store": self._world.counts.waiting}


class World:
    """Stores in `folder`, as the collector writes them, and services that read them as the web does.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        migrate(folder / "state.sqlite")
        self.folder = folder
        self.clock = Clock()
        self.state = State(folder / "state.sqlite")
        self._writer = EmbeddedObservations(folder / "observations.sqlite")
        self.reader = EmbeddedObservations(folder / "observations.sqlite", read_only=True)
        self.counts = Counts(0, 0, 0, 0, 0)
        self.counts_by_subject: dict[str, Counts] | None = {}
        self._received: dict[int, int] = {}
        self.services = Services(
            observations=self.reader,
            state=self.state,
            rules=load_rules(),
            counting=_Counting(self),
            now=self.clock,
            received=self._received.get,
            open_journal=lambda: JournalReader(folder / "journal"),
            append=self._append,
            version="0.1.0",
            hosts=frozenset({"air.example"}),
            max_body=1000,
        )

    @property
    def sequence(self) -> int:
        """The newest message that has been applied."""
        return self._writer.sequence()

    def _append(self, messages: Iterable[Message]) -> int:
        journal = Journal(self.folder / "journal", self.clock)
        last = [journal.append([message]).last for message in messages]
        journal.close()
        return last[-1]

    def announce(self, subjects: Mapping[str, Subject]) -> None:
        """Let `subjects` announce themselves, one message each."""
        for name, subject in subjects.items():
            self.record(name, subject)
            self.apply_recorded()

    def record(self, name: str, subject: Subject) -> None:
        """The first half of an announcement: `subject` is recorded, its message not yet applied."""
        text = msgspec.json.encode(subject).decode()
        self._received[self.sequence + 1] = self.clock()
        self.state.record([Announcement(self.sequence + 1, name, text)], [])

    def apply_recorded(self) -> None:
        """The second half of an announcement."""
        self._writer.apply([], self.sequence + 1, {"": Tally(applied=1)})

    def hour(self, subject: str, end: str, values: Mapping[str, str], flags: Mapping[str, int] | None = None) -> int:
        """A message with the hour of `subject` that ends at `end`; its sequence number."""
        return self._put(subject, "hour", parse_instant(end) - 3600, values, flags or {})

    def day(self, subject: str, day: str, values: Mapping[str, str], flags: Mapping[str, int] | None = None) -> int:
        """A message with a natural day of `subject`; its sequence number."""
        return self._put(subject, "day", day_start(date.fromisoformat(day)), values, flags or {})

    def reading(
        self, subject: str, time: str, values: Mapping[str, str], flags: Mapping[str, int] | None = None
    ) -> int:
        """A message with a reading of `subject`; its sequence number."""
        return self._put(subject, "instant", parse_instant(time), values, flags or {})

    def write(self, observations: Sequence[Observation]) -> None:
        """As many messages as `observations`, taken in at once."""
        first = self.sequence + 1
        self._received |= dict.fromkeys(range(first, first + len(observations)), self.clock())
        writes = [Write(number, observation) for number, observation in enumerate(observations, first)]
        self._writer.apply(writes, first + len(observations) - 1)

    def laboratory(self, subject: str, time: str, values: Mapping[str, str]) -> int:
        """A message with a manual sample of `subject`; its sequence number."""
        return self._put(subject, "instant", parse_instant(time), values, {}, "manual")

    def refuse(self, topic: str, item: str | None = None) -> int:
        """A message of which `item` (None: everything) was refused; its sequence number."""
        number = self.sequence + 1
        letter = DeadLetter(number, item, self.clock(), topic, "unknown-item", "items has 'pm3'; 'pm25' would do")
        self.state.record([], [letter])
        self._writer.apply([], number, {"": Tally(dead_letter=1)})
        return number

    def close(self) -> None:
        """Close the stores."""
        self._writer.close()
        self.reader.close()
        self.state.close()

    def _put(
        self,
        subject: str,
        period: Period,
        start: int,
        values: Mapping[str, str],
        flags: Mapping[str, int],
        origin: Origin = "reported",
    ) -> int:
        number = self.sequence + 1
        self._received[number] = self.clock()
        items = {item: (value, flags.get(item, 2)) for item, value in values.items()}
        self._writer.apply([Write(number, Observation.of(subject, period, start, origin, items))], number)
        return number
