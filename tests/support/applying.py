"""Journal, store and applier in one folder, and messages of one station for them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np

from qingchuan.collector.applier import Applier
from qingchuan.collector.decoding import Decoding
from qingchuan.processing.periods import parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State

START = parse_instant("2026-03-01T00:00:00Z")
STATION = b'{"kind":"air-station","name":{"zh":"\xe4\xb8\x87","en":"Wan"},"city":"330200"}'


class Bench:
    """Journal, store and applier in one folder; `restart` is a crash and a new start."""

    opened: ClassVar[list[Bench]] = []

    def __init__(self, folder: Path) -> None:
        self.opened.append(self)
        self.folder = folder
        self.received = (START + 3600) * 1_000_000
        migrate(folder / "state.sqlite")
        self._open()

    def _open(self) -> None:
        self.journal = Journal(self.folder / "journal", lambda: self.received)
        self.observations = EmbeddedObservations(self.folder / "observations.sqlite")
        self.state = State(self.folder / "state.sqlite")
        self.applier = Applier(self.journal, self.observations, self.state)

    def restart(self) -> None:
        """Leave everything as it is on disk, and begin anew."""
        self.close()
        self._open()

    def close(self) -> None:
        """Close all files."""
        self.journal.close()
        self.observations.close()
        self.state.close()

    def take(self, *messages: Message) -> None:
        """Append `messages` at once and apply all there is."""
        self.journal.append(messages)
        while self.applier.step():
            pass

    def pm25(self, hours: int = 1, as_of: int | None = None) -> list[float | None]:
        """The values of station 1235A, None where missing."""
        values = self.observations.read(["1235A"], ["pm25"], "hour", START, START + hours * 3600, as_of).values[0, :, 0]
        return [None if np.isnan(value) else float(value) for value in values]


def station(payload: bytes = STATION, *, retained: bool = False) -> Message:
    """The announcement of station 1235A."""
    return Message("mqtt", "c", "qingchuan/1235A/station", payload, retained)


def hour_of(
    value: str, hour: int = 0, *, retained: bool = False, qos: int = 1, source: str = "c", seq: int | None = None
) -> Message:
    """An hour of 1 March 2026 (UTC) of station 1235A."""
    start, number = f"2026-03-01T{hour:02}:00:00Z", "null" if seq is None else seq
    payload = f'{{"start":"{start}","values":{{"pm25":{value}}},"seq":{number}}}'.encode()
    return Message("mqtt", source, "qingchuan/1235A/hour", payload, retained, qos)


def connection(source: str = "c") -> Message:
    """The marker of a new connection with a session."""
    return Message("connection", source, "", b'{"session_present":true}')


def without_session(source: str = "c") -> Message:
    """The marker of a new connection to a broker that did not know the client any more."""
    return Message("connection", source, "", b'{"session_present":false}')


def quiet(source: str = "c") -> Message:
    """The marker of a connection on which nothing came for a while."""
    return Message("quiet", source, "", b"")


def settings_of(**changes: object) -> Message:
    """The settings that decoding depends on."""
    return Message("settings", "c", "", msgspec.json.encode(Decoding(**changes)))  # type: ignore[arg-type]


def nothing_waits(bench: Bench) -> bool:
    """Whether everything in the journal is applied."""
    return bench.observations.sequence() == bench.journal.head().sequence
