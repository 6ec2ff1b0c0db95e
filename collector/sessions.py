"""Whether the brokers of our clients kept their sessions when they connected last."""

from __future__ import annotations

from collections.abc import Iterable


class Sessions:
    """Which clients found no session at their last connection. What is kept of it reaches as far as the traces do.

    Parameters
    ----------
    lost : iterable of str
        Those that found none up to the first message, by client id.

    Examples
    --------
    >>> sessions = Sessions()
    >>> sessions.connected("collector", present=False)
    >>> sessions.is_present("collector"), sessions.changes()
    (False, {'collector': b''})
    """

    def __init__(self, lost: Iterable[str] = ()) -> None:
        self._lost = set(lost)
        self._changed: dict[str, bytes | None] = {}

    def connected(self, source: str, *, present: bool) -> None:
        """Client `source` connected, to a broker that kept its session or did not."""
        if present:
            self._lost.discard(source)
        else:
            self._lost.add(source)
        self._changed[source] = None if present else b""

    def is_present(self, source: str) -> bool:
        """Whether the connection of `source` from which messages come now began with a session."""
        return source not in self._lost

    def changes(self) -> dict[str, bytes | None]:
        """Who has to be kept since it was last asked, and who (None) no more."""
        changed, self._changed = self._changed, {}
        return changed
