"""What loggers send again because our answer did not reach them: known by its bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b

_MOST = 50_000
"""So many frames are remembered: minutes of a thousand loggers over most of an hour."""


class Repeats:
    """Remembers frames that are in the journal.

    A frame names its moment, and mostly its number (QN) too, so that the same bytes tell nothing new. If they came
    after a correction they would take it back.

    Parameters
    ----------
    frames : iterable of bytes
        The last ones that the journal has.

    Examples
    --------
    >>> repeats = Repeats([b"##0075..."])
    >>> repeats.knows(b"##0075..."), repeats.knows(b"##0076...")
    (True, False)
    """

    def __init__(self, frames: Iterable[bytes] = ()) -> None:
        self._known: OrderedDict[bytes, None] = OrderedDict()
        for frame in frames:
            self.remember(frame)

    def knows(self, frame: bytes) -> bool:
        """Whether `frame` was remembered, and not too many others since."""
        return _digest(frame) in self._known

    def remember(self, frame: bytes) -> None:
        """Remember that the journal has `frame`."""
        self._known[_digest(frame)] = None
        if len(self._known) > _MOST:
            self._known.popitem(last=False)


def _digest(frame: bytes) -> bytes:
    return blake2b(frame, digest_size=16).digest()
