"""Naming dead letters, and a journal that is applied in one grouping or another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from qingchuan.store.again import Again, naming
from qingchuan.store.dead_letters import Wanted
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from qingchuan.store.tallies import total
from tests.support.applying import Bench


def again_of(*ranges: tuple[int, int], by: str = "lin", reason: str = "mended") -> Message:
    """A message that names the messages of `ranges`."""
    return Message("again", "command", "", msgspec.json.encode(Again(ranges, by, reason)))


def try_again(bench: Bench, wanted: Wanted | None = None) -> int:
    """Name all letters that are wanted, as the command does, and apply them; how many messages it were."""
    found = naming(bench.state.engine, wanted or Wanted(), "lin", "mended", "command")
    for message in found.messages:
        bench.take(message)
    return found.number


def standing(bench: Bench) -> list[tuple[int, str | None, str]]:
    """Message, value and code of the letters that are not settled, the oldest first."""
    letters = bench.state.dead_letters(1000, only=Wanted(settled=False).condition())
    return sorted((letter.sequence, letter.item or "", letter.code) for letter in letters)


def adds_up(bench: Bench) -> Tally:
    """What became of all messages; it is the sum over the subjects, and all that the journal took."""
    tally, (_, by_subject) = bench.observations.tally(), bench.observations.tallies()
    assert total(by_subject) == tally
    assert all(count >= 0 for counts in by_subject.values() for count in counts), by_subject
    assert sum(tally) == bench.journal.from_stations()
    whole = Wanted(settled=False).condition()
    letters = bench.state.dead_letters(10**6, only=whole)
    assert tally.dead_letter == sum(letter.item is None for letter in letters)
    return tally


def dump(path: Path) -> list[str]:
    """All that a database holds but the steps in which it was written."""
    with closing(sqlite3.connect(path)) as database:
        return [line for line in database.iterdump() if not line.startswith('INSERT INTO "written"')]


def live(folder: Path, batches: Iterable[Sequence[Message]], *, restarts: bool = False) -> list[list[str]]:
    """Append and apply batch by batch; what the stores hold then."""
    folder.mkdir()
    bench = Bench(folder)
    for batch in batches:
        bench.take(*batch)
        if restarts:
            bench.restart()
    bench.close()
    return [dump(folder / name) for name in ("observations.sqlite", "state.sqlite")]
