"""What is said of the simulated network's missing values: what happened, as far as anybody could know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pytest

from qingchuan.collector.applier import Applier
from qingchuan.collector.decoding import Decoding
from qingchuan.processing.periods import parse_instant
from qingchuan.simulators.faults import NO_FAULTS, Faults, disturb
from qingchuan.simulators.messages import Feed
from qingchuan.simulators.network import Network, ningbo
from qingchuan.simulators.noise import HOUR, generator, week_times, weeks_between
from qingchuan.simulators.observed import Simulation
from qingchuan.simulators.water import ANALYSERS, ITEMS, analyser_hour
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.state import State
from tests.api.serving import serving
from tests.api.water import ask
from tests.api.world import World

DAY = 86_400
LEAD = 3 * DAY
"""Told before: who has told nothing yet is not expected to."""
BEGIN, END = parse_instant("2026-03-01T00:00:00+08:00"), parse_instant("2026-03-15T00:00:00+08:00")
AS_TOLD = (Path(__file__).parents[1] / "support" / "no_thresholds.toml").read_text(encoding="utf-8")
"""No test of ours marks anything."""
NETWORK = Network(ningbo().city, ningbo().air[:1], ningbo().sections[:5])


class Told:
    """Two weeks of simulated sections, received as they were sent, and the ledger of them."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self.world = World(folder)
        self._now = (BEGIN - LEAD) * 1_000_000
        journal = Journal(folder / "journal", lambda: self._now)
        observations, state = EmbeddedObservations(folder / "observations.sqlite"), State(folder / "state.sqlite")
        applier = Applier(journal, observations, state)
        feed = Feed(Simulation(NETWORK, faults=faults))
        journal.append([Message("settings", "", "", msgspec.json.encode(Decoding(thresholds=AS_TOLD)))])
        journal.append([Message("mqtt", "c", told.topic, told.payload, retained=True) for told in feed.announcements()])
        for hour in range(BEGIN - LEAD, END, HOUR):
            due = feed.due(hour, hour + HOUR)
            self._now = (hour + HOUR) * 1_000_000
            if due:
                journal.append([Message("mqtt", "c", each.message.topic, each.message.payload) for each in due])
        while applier.step():
            pass
        for opened in (observations, state, journal):
            opened.close()
        self.world.clock.time = "2026-03-15T06:00:00+08:00"

    def causes(self) -> dict[str, Counter[str]]:
        """Why values of each section are missing, of the days that are over."""
        found: dict[str, Counter[str]] = {}
        with serving(self.world.services) as client:
            for section in NETWORK.sections:
                path = f"sections/{section.id}/completeness"
                days = ask(client, path, start="2026-03-01", end="2026-03-15")["days"]
                found[section.id] = sum((Counter(day["missing"]) for day in days), Counter())
        self.world.close()
        return found


def _happened(faults: Faults, what: str) -> dict[str, int]:
    """How many values of each section were due and did not arrive, for one of the faults."""
    count = dict.fromkeys((section.id for section in NETWORK.sections), 0)
    for week in weeks_between(BEGIN, END):
        drawn = generator(Simulation(NETWORK).seed, "reading-faults", week)
        wrong = disturb(drawn, faults, len(ITEMS), len(NETWORK.sections))
        times = week_times(week)
        due = np.ones((len(ITEMS), len(times)), np.bool_)
        due[[item in ANALYSERS for item in ITEMS]] = analyser_hour(times)
        due &= (times >= BEGIN) & (times < END)
        struck = np.broadcast_to(getattr(wrong, what), (len(ITEMS), *wrong.silent.shape))
        for place, section in enumerate(count):
            count[section] += int((due & struck[:, :, place]).sum())
    return count


def test_a_silence_is_never_said_to_be_lost(tmp_path: Path) -> None:
    """Who sends nothing for three hours or more is offline, for less it has not sent; all of it, and nothing else."""
    faults = Faults(**{**_none(), "silent": 1.0})
    causes, silent = Told(tmp_path, faults).causes(), _happened(faults, "silent")
    assert sum(silent.values()) > 100
    for section, found in causes.items():
        assert set(found) <= {"offline", "not-sent"}, section
        assert found.total() == silent[section]
    assert sum(found["offline"] for found in causes.values()) > sum(found["not-sent"] for found in causes.values())


@pytest.mark.parametrize(("fault", "share", "cause"), [("lost", 0.01, "lost"), ("missing", 0.3, "not-sent")])
def test_what_happens_to_messages_and_items_is_named_as_it_happened(
    tmp_path: Path, fault: str, share: float, cause: str
) -> None:
    """A message that was counted and never came, and an item that a message left out."""
    faults = Faults(**{**_none(), fault: share})
    causes, happened = Told(tmp_path, faults).causes(), _happened(faults, fault)
    assert sum(happened.values()) > 50
    assert {section: dict(found) for section, found in causes.items()} == {
        section: {cause: count} if count else {} for section, count in happened.items()
    }


def _none() -> dict[str, float]:
    return {name: getattr(NO_FAULTS, name) for name in Faults.__struct_fields__}
