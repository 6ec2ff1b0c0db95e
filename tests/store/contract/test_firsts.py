"""Since when a subject is observed."""

from __future__ import annotations

from qingchuan.store.observations import Write
from tests.store.contract.stores import HOUR, Store, hour


def test_the_first_observation_is_the_earliest_in_event_time(store: Store) -> None:
    """Whatever came first; a subject without one is left out."""
    store.apply([told(1, 5), told(2, 3), told(3, 4, "1236A")], 3)
    store.apply([told(4, 9), told(5, 9, "1236A")], 5)
    assert store.first(["1235A", "1236A", "1237A"], "hour") == {"1235A": 3 * HOUR, "1236A": 4 * HOUR}
    assert store.first(["1236A"], "hour") == {"1236A": 4 * HOUR}
    assert store.first(["1235A"], "day") == {}


def test_what_came_first_can_be_asked_for_as_it_was(store: Store) -> None:
    """An earlier hour that came later counts from its message on; in one batch or in several."""
    store.apply([told(1, 5), told(2, 3)], 2)
    store.apply([told(3, 1)], 3)
    firsts = [store.first(["1235A"], "hour", as_of) for as_of in (0, 1, 2, 3)]
    assert firsts == [{}, {"1235A": 5 * HOUR}, {"1235A": 3 * HOUR}, {"1235A": HOUR}]


def told(sequence: int, number: int, subject: str = "1235A") -> Write:
    """A message with the hour of this `number`."""
    return Write(sequence, hour(number * HOUR, subject, pm25="35"))
