"""Telling what a broker repeats after a new connection from what is new.

What was received but not acknowledged is sent again, in order and before anything new: the first messages of a
connection that repeat the tail of what the same client received before, *to its end*, are repeats. A part of the tail
that is not followed by the rest of it is new: a station may say the same again, and that counts. Where a connection
breaks before the rest has come, the next one brings it: from where the broken one began, or later where some of it had
been acknowledged meanwhile, but without a gap.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence


class Repeats:
    """How many of the first messages of a connection are repeats.

    Parameters
    ----------
    tail : sequence of hashable
        What the client had received before, oldest first.
    first, last : int, optional
        Where in the tail the repeats may begin; anywhere if not given.

    Examples
    --------
    >>> repeats = Repeats(["a", "b", "c"])
    >>> repeats.offer("b"), repeats.offer("c")
    (None, 2)
    >>> Repeats(["a", "b", "c"]).offer("d")
    0
    """

    def __init__(self, tail: Sequence[Hashable], first: int = 0, last: int | None = None) -> None:
        self.tail = tail
        self._begin = first
        self._last = len(tail) if last is None else last
        self._seen: list[Hashable] = []

    def offer(self, message: Hashable) -> int | None:
        """The number of repeats among the messages offered so far; None while it is open."""
        self._seen.append(message)
        if not self._goes_on(message):
            self._begin = self._next_begin()
        left = len(self.tail) - self._begin
        return left if left <= len(self._seen) else None

    def after_break(self) -> Repeats:
        """What the next connection may repeat, where this one broke while it was open.

        Examples
        --------
        >>> broken = Repeats(["a", "b", "c"])
        >>> broken.offer("a")
        >>> following = broken.after_break()
        >>> following.offer("b"), following.offer("c")
        (None, 2)
        """
        return Repeats(self.tail, self._begin, self._begin + len(self._seen) if self._seen else self._last)

    def _goes_on(self, message: Hashable) -> bool:
        at = self._begin + len(self._seen) - 1
        return at < len(self.tail) and self.tail[at] == message

    def _next_begin(self) -> int:
        """Where the longest rest of the tail begins that agrees with what was seen."""
        begin, end = self._begin, len(self.tail)
        while True:
            try:
                begin = self.tail.index(
                    self._seen[0], begin + (len(self._seen) > 1 or begin > self._begin), self._last + 1
                )
            except ValueError:
                return end
            rest = self.tail[begin : begin + len(self._seen)]
            if list(rest) == self._seen[: len(rest)]:
                return begin
