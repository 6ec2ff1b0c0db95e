"""Since when a subject is observed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Period, Write

HOUR = 3600


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedObservations]:
    """An empty store."""
    opened = EmbeddedObservations(tmp_path / "observations.sqlite")
    yield opened
    opened.close()


def told(sequence: int, start: int, subject: str = "1235A", period: Period = "hour") -> Write:
    """A message with an observation."""
    return Write(sequence, Observation.of(subject, period, start, "reported", {"pm25": ("35", 2)}))


def test_the_first_observation_is_the_earliest_in_event_time(store: EmbeddedObservations) -> None:
    """Whatever came first; a subject without one is left out."""
    store.apply([told(1, 5 * HOUR), told(2, 3 * HOUR), told(3, 4 * HOUR, "1236A")], 3)
    store.apply([told(4, 9 * HOUR), told(5, 9 * HOUR, "1236A")], 5)
    assert store.first(["1235A", "1236A", "1237A"], "hour") == {"1235A": 3 * HOUR, "1236A": 4 * HOUR}
    assert store.first(["1236A"], "hour") == {"1236A": 4 * HOUR}
    assert store.first(["1235A"], "day") == {}


def test_what_came_first_can_be_asked_for_as_it_was(store: EmbeddedObservations) -> None:
    """An earlier hour that came later counts from its message on; in one batch or in several."""
    store.apply([told(1, 5 * HOUR), told(2, 3 * HOUR)], 2)
    store.apply([told(3, 1 * HOUR)], 3)
    firsts = [store.first(["1235A"], "hour", as_of) for as_of in (0, 1, 2, 3)]
    assert firsts == [{}, {"1235A": 5 * HOUR}, {"1235A": 3 * HOUR}, {"1235A": HOUR}]


def test_what_was_rolled_back_did_not_come_first(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is not held for written when it comes again."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "_advance", None)
        with pytest.raises(TypeError):
            store.apply([told(1, 3 * HOUR)], 1)
    assert store.first(["1235A"], "hour") == {}
    store.apply([told(1, 3 * HOUR)], 1)
    assert store.first(["1235A"], "hour") == {"1235A": 3 * HOUR}
