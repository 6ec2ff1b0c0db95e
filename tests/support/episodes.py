"""Episodes of alerts in a data directory, and what they are where nothing disturbs."""

from __future__ import annotations

from pathlib import Path

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.alerts.storage import read_cursor
from qingchuan.collector.applier import Applier
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.state import State
from tests.support.ledger import sqlite
from tests.support.traffic import Traffic

Known = tuple[str, str, int, int | None, int]
"""Rule, subject, beginning, end and worst level of an episode; times in seconds since 1970-01-01 UTC."""


def episodes(state: Path) -> list[Known]:
    """The episodes that were not taken back."""
    query = "SELECT rule, subject, opened, closed, worst FROM episode WHERE state != 'retracted'"
    with sqlite(state) as database:
        return database.execute(query).fetchall()


def judged(data: Path) -> bool:
    """Whether the alerts have seen the newest observation."""
    state = State(Places(data).state)
    with state.engine.connect() as connection:
        cursor = read_cursor(connection)
    state.close()
    with sqlite(Places(data).observations) as database:
        newest = database.execute("SELECT coalesce(max(sequence), 0) FROM current").fetchone()[0]
    return cursor >= int(newest)


def as_undisturbed(folder: Path, traffic: Traffic, now: int) -> set[Known]:
    """The episodes of `traffic` where everything is received once, applied, and then judged."""
    places = prepare(folder)
    journal, state = Journal(places.journal, lambda: now * 1_000_000), State(places.state)
    journal.append([Message("mqtt", "undisturbed", topic, payload) for topic, payload, _ in traffic.messages])
    store = EmbeddedObservations(places.observations)
    applier = Applier(journal, store, state)
    while applier.step():
        pass
    rules = load_rules()
    engine = Engine(store, state, rules, now=lambda: now * 1_000_000, notify_within=3600, targets=())
    while engine.step():
        pass
    for opened in (journal, store, state):
        opened.close()
    return set(episodes(places.state))
