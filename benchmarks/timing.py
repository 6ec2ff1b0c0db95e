"""How long work takes, undisturbed."""

from __future__ import annotations

import timeit
from collections.abc import Callable

NS = 1e9
"""[ns/s]"""


def shortest(work: Callable[[], object], repeated: int) -> float:
    """The shortest of several times [s]: the first also pays for fresh memory, and others for what else runs."""
    return min(timeit.repeat(work, number=1, repeat=repeated))
