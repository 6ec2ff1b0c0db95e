"""Telling that connections are lost again and again: mostly another client has the same id, and one can be in."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WITHIN = 300
"""[s]"""
OFTEN = 4
"""So many connections that a broker had accepted and then ended, within that time, are no chance."""


def is_often(lost: list[float]) -> bool:
    """Whether connections were lost so often that another client is to be thought of.

    Parameters
    ----------
    lost : list of float
        When they were, ascending. [s]

    Examples
    --------
    >>> is_often([0, 10, 20, 30]), is_often([0, 10, 20, 3600])
    (True, False)
    """
    firsts = lost[: max(0, len(lost) - OFTEN + 1)]
    return any(last - first <= WITHIN for first, last in zip(firsts, lost[OFTEN - 1 :], strict=True))


class Takeovers:
    """Counts the connections that a client lost.

    Parameters
    ----------
    now : callable
        A clock that never goes back. [s]

    Examples
    --------
    >>> takeovers = Takeovers(lambda: 0.0)
    >>> [takeovers.lose() for _ in range(4)]
    [False, False, False, True]
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lost: deque[float] = deque(maxlen=OFTEN)

    def lose(self) -> bool:
        """Note that a connection was lost; whether they are lost so often that another client is to be thought of."""
        self._lost.append(self._now())
        return is_often(list(self._lost))
