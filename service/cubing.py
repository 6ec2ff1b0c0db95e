"""Keeping the cube beside the pages: what changed is taken over every few seconds, by one process."""

from __future__ import annotations

import time
from collections.abc import Callable

from qingchuan.service.lock import Hold
from qingchuan.service.places import Places
from qingchuan.store.cube.cube import Cube
from qingchuan.store.cube.files import DamagedError
from qingchuan.store.cube.keeper import STEP, Followed, Keeper

_PACE = 5.0
"""How often it is looked for changes; those who read get what is newer from the store. [s]"""
_SHARE = 3
"""After a step that took so long, it rests so many times as long: pages are answered by the same process."""


class CubeKeeping:
    """Keeps the cube, as long as no other process does.

    Parameters
    ----------
    places : Places
    store : Followed
        Read by this thread alone.
    clock : callable
        Goes on whatever the time is set to. [s]
    """

    def __init__(self, places: Places, store: Followed, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._store = store
        self._clock = clock
        self._hold = Hold(places.cube_lock)
        self._keeper: Keeper | None = None
        self._again = 0.0

    def __call__(self) -> int:
        """Take over the next changes, if it is time; 0, for nothing has to be done at once."""
        began = self._clock()
        if began < self._again or not self._hold.take():
            return 0
        self._keeper = self._keeper or Keeper(self._places.cube, self._store)
        left = self._keeper.step() >= STEP
        ended = self._clock()
        self._again = ended + max(_SHARE * (ended - began), 0.0 if left else _PACE)
        return 0

    def close(self) -> None:
        """Let another process keep it."""
        self._hold.release()


def cube_sequence(places: Places) -> int:
    """The message up to which the cube is whole; 0 where there is none, or it has to be made anew."""
    try:
        return Cube(places.cube).sequence()
    except DamagedError:
        return 0
