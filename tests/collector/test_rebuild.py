"""The journal alone gives the store again, to the byte."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from qingchuan.collector.applier import Applier
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State

STATION = b'{"kind":"air-station","name":{"zh":"\xe4\xb8\x87","en":"Wan"},"city":"330200"}'


def _hour(value: str, hour: int, *, retained: bool = False) -> Message:
    payload = f'{{"start":"2026-03-01T{hour:02}:00:00Z","values":{{"pm25":{value},"co":0.70}}}}'.encode()
    return Message("mqtt", "c", "qingchuan/1235A/hour", payload, retained)


def _apply(folder: Path, *batches: list[Message]) -> None:
    """Append batch by batch, each with a start of its own, as after a crash."""
    folder.mkdir(exist_ok=True)
    migrate(folder / "state.sqlite")
    for batch in [*batches, None]:
        journal = Journal(folder / "journal", lambda: 1_772_400_000_000_000)
        observations, state = EmbeddedObservations(folder / "observations.sqlite"), State(folder / "state.sqlite")
        if batch:
            journal.append(batch)
        applier = Applier(journal, observations, state)
        while applier.step():
            pass
        for opened in (journal, observations, state):
            opened.close()


def _dump(path: Path) -> list[str]:
    """All rows; where to look for what was written depends on what was applied together, and is left out."""
    database = sqlite3.connect(path)
    lines = [line for line in database.iterdump() if not line.startswith('INSERT INTO "written"')]
    database.close()
    return lines


def test_a_journal_gives_the_same_observations_and_the_same_state_again(tmp_path: Path) -> None:
    """With revisions, refusals, repeats of a broker and retained messages among them."""
    marker = Message("connection", "c", "", b"{}")
    first = [marker, Message("mqtt", "c", "qingchuan/1235A/station", STATION), _hour("35", 0), _hour("36", 0)]
    again = [marker, _hour("35", 0), _hour("36", 0), _hour("oops", 1), _hour("37", 1)]
    last = [_hour("9", 0, retained=True), _hour("38", 1), Message("mqtt", "c", "qingchuan/1235A/hour", b"pm25")]
    _apply(tmp_path / "lived", first, again, last)
    shutil.copytree(tmp_path / "lived" / "journal", tmp_path / "rebuilt" / "journal")
    _apply(tmp_path / "rebuilt")
    for name in ("observations.sqlite", "state.sqlite"):
        assert _dump(tmp_path / "rebuilt" / name) == _dump(tmp_path / "lived" / name)
