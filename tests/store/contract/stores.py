"""What the tests of the contract of the observation stores are handed: stores, and what is written to them."""

from __future__ import annotations

from typing import Protocol

from qingchuan.store.cube.keeper import Followed
from qingchuan.store.observations import Observation, Observations, Origin, Write

HOUR = 3600


class Store(Observations, Followed, Protocol):
    """An observation store that somebody has opened."""

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Opener(Protocol):
    """Opens a store, the same one each time."""

    def __call__(self, *, read_only: bool = False) -> Store:
        """The store, opened by a process that writes, or by one that only reads."""
        ...


def hour(start: int, subject: str = "1235A", origin: Origin = "reported", **items: str) -> Observation:
    """An observation of an hour."""
    return Observation.of(subject, "hour", start, origin, {item: (value, 2) for item, value in items.items()})


def reading(start: int, subject: str = "溪口", origin: Origin = "reported", **items: str) -> Observation:
    """An observation of an instant."""
    return Observation.of(subject, "instant", start, origin, {item: (value, 2) for item, value in items.items()})


def apply(store: Observations, *observations: Observation) -> None:
    """Apply each of `observations` as a message of its own, in one batch."""
    first = store.sequence() + 1
    writes = [Write(first + index, observation) for index, observation in enumerate(observations)]
    store.apply(writes, up_to=first + len(writes) - 1)


def pm25(store: Observations, start: int = 0, end: int = HOUR, as_of: int | None = None) -> list[float]:
    """The hours of PM2.5 of station 1235A."""
    values: list[float] = store.read(["1235A"], ["pm25"], "hour", start, end, as_of).values[0, :, 0].tolist()
    return values
