"""The flags of observations, as texts: those of what was judged in the order of time, and came without flags."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from qingchuan.collector.quality.grades import PASSED, Grades, marked
from qingchuan.collector.quality.merging import items_of
from qingchuan.store import flag_texts
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import Observation, Write

GOOD_ALL: Final = "1"
"""The flags of an observation in which nothing was found."""

_NOTHING: Final = Mark(2)


def flagged(write: Write, items: tuple[str, ...], grades: Grades) -> Write:
    """A write with the flags that follow from the grades of items; what else it tells is good.

    Parameters
    ----------
    write : Write
        Of an observation that came without flags.
    items : tuple of str
        Those that have thresholds.
    grades : ndarray of uint8, shape (items,)
    """
    told = write.observation
    flags = _flags_of(tuple(items_of(told.values)), items, grades.tobytes())
    observation = Observation(told.subject, told.period, told.start, told.origin, told.values, flags)
    return Write(write.sequence, observation, write.revises, write.message)


@lru_cache(maxsize=4096)  # what is found is found again and again
def _flags_of(told: tuple[str, ...], items: tuple[str, ...], grades: bytes) -> str:
    known = dict(zip(items, grades, strict=True))
    return flag_texts.encode({item: marked(known.get(item, PASSED), _NOTHING) for item in told})
