"""Faults of instruments: what a run of values says that one of the fault tests marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qingchuan.processing.quality.codes import QualityTest
from qingchuan.store.faults import Run

_KEYS: Final = {int(test): test.key for test in QualityTest}


def fault_runs(tests: Sequence[int], times: Sequence[int]) -> tuple[Run, ...]:
    """The faults among consecutive values of an item: each from its first value to the first one without it.

    Parameters
    ----------
    tests : sequence of int
        The test that found a fault of each value, 0 where none did: see `grades.FAULTS`.
    times : sequence of int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> zero = int(QualityTest.ZERO)
    >>> fault_runs([0, zero, zero, 0, zero], [0, 1, 2, 3, 4])
    (Run(test='zero', opened=1, through=2, closed=3), Run(test='zero', opened=4, through=4, closed=None))
    """
    found: list[Run] = []
    before = opened = through = 0
    for test, time in zip(tests, times, strict=True):
        if test != before:
            if before:
                found.append(Run(_KEYS[before], opened, through, time))
            before, opened = test, time
        through = time
    if before:
        found.append(Run(_KEYS[before], opened, through, None))
    return tuple(found)
