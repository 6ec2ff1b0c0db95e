"""What journal and store hold in a data directory, compared with what was published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.observations import Counts
from qingchuan.store.rows import decode
from qingchuan.store.state import State
from tests.support.traffic import Told, Traffic

_HISTORY = """
SELECT subject, period, start, items, flags, sequence FROM current
UNION ALL SELECT subject, period, start, items, flags, sequence FROM superseded ORDER BY sequence
"""


@contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an SQLite file of ours, closed at the end."""
    with closing(sqlite3.connect(path, timeout=10)) as database:
        yield database


def journaled(data: Path) -> list[Message]:
    """The messages of stations in the journal, in their order."""
    journal = JournalReader(Places(data).journal)
    found: list[Message] = []
    after = 0
    while batches := journal.read(after):
        found += [message for batch in batches for message in batch.messages if message.kind == "mqtt"]
        after = batches[-1].last
    journal.close()
    return found


def counts(data: Path) -> Counts:
    """What became of the messages in the journal."""
    journal = JournalReader(Places(data).journal)
    store = EmbeddedObservations(Places(data).observations, read_only=True)
    tally = store.tally()
    received = journal.from_stations()
    store.close()
    journal.close()
    return Counts(received, *tally, waiting=received - sum(tally))


def is_applied(data: Path) -> bool:
    """Whether the store has taken in all that is in the journal."""
    journal = JournalReader(Places(data).journal)
    store = EmbeddedObservations(Places(data).observations, read_only=True)
    done = store.sequence() == journal.head().sequence
    store.close()
    journal.close()
    return done


def history(data: Path) -> list[Told]:
    """Every revision of every observation, in the order of the messages that made them."""
    with sqlite(Places(data).observations) as database:
        rows = database.execute(_HISTORY).fetchall()
    return [(subject, period, start, decode(values, flags)) for subject, period, start, values, flags, _ in rows]


def names(data: Path) -> dict[str, str]:
    """The English name of each subject."""
    state = State(Places(data).state)
    found = {name: subject.name.en for name, subject in state.subjects().items()}
    state.close()
    return found


def check(data: Path, traffic: Traffic, acknowledged: set[tuple[str, bytes]]) -> None:
    """Assert that `data` hold what was published, each once, and nothing else."""
    published = {(topic, payload) for topic, payload, _ in traffic.messages}
    received = {(message.topic, message.payload) for message in journaled(data)}
    assert acknowledged - received == set(), "acknowledged, and not in the journal"
    assert published - received == set(), "published, and not in the journal"
    assert received - published == set(), "in the journal, and never published"
    found = history(data)
    assert found == traffic.history, first_difference(found, traffic.history)
    assert names(data) == traffic.names, f"names are {names(data)}, expected {traffic.names}"
    now = counts(data)
    assert (now.applied, now.dead_letter, now.waiting) == (traffic.applied, traffic.dead_letter, 0), now
    assert now.received == now.applied + now.duplicate + now.dead_letter, now
    assert now.duplicate - traffic.duplicate == now.received - len(published), (
        "a repeat is a duplicate, and nothing else"
    )


def first_difference(found: list[Told], expected: list[Told]) -> str:
    """Where two histories part."""
    pairs = enumerate(zip(found, expected, strict=False))
    at = next((index for index, (one, other) in pairs if one != other), min(len(found), len(expected)))
    return (
        f"revision {at} is {found[at : at + 1]}, expected {expected[at : at + 1]}; "
        f"there are {len(found)} revisions, expected {len(expected)}"
    )
