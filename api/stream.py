"""Server-sent events: documents are encoded once and the same bytes go to every client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import NamedTuple

HEARTBEAT = 15.0
"""How often a beat is sent when nothing else is. [s]"""

BEAT = b"event: beat\ndata: {}\n\n"
"""Says that the stream is alive. An event and no comment: a page can hear it, and so notice that it stays away."""


class Event(NamedTuple):
    """A document on its way to the clients.

    Attributes
    ----------
    name : str
        Kind of the event, such as ``"air"``.
    text : bytes
        The event as it is sent.
    """

    name: str
    text: bytes


def encode_event(name: str, sequence: int, data: bytes) -> Event:
    r"""The event that carries `data`, which must be one line.

    Examples
    --------
    >>> encode_event("air", 7, b"{}").text
    b'event: air\nid: 7\ndata: {}\n\n'
    """
    return Event(name, b"event: %s\nid: %d\ndata: %s\n\n" % (name.encode(), sequence, data))


class Stream:
    """The clients that follow, and what waits to be sent to each: of every kind of document only the newest.

    So what waits is bounded; a slow client gets fewer documents, never older ones.

    Parameters
    ----------
    heartbeat : float
        How often a beat is sent when nothing else is. [s]

    Examples
    --------
    >>> Stream().clients
    0
    """

    def __init__(self, heartbeat: float = HEARTBEAT) -> None:
        self._followers: set[_Follower] = set()
        self._heartbeat = heartbeat
        self._closed = False

    @property
    def clients(self) -> int:
        """How many clients follow."""
        return len(self._followers)

    def publish(self, event: Event) -> None:
        """Send `event` to all clients, in place of an older one of its name that still waits."""
        for follower in self._followers:
            follower.put(event)

    def close(self) -> None:
        """End the stream of every client, also of those that come later."""
        self._closed = True
        for follower in self._followers:
            follower.ready.set()

    async def follow(self, first: Callable[[], Iterable[Event]]) -> AsyncGenerator[bytes, None]:
        """What one client is sent: the events of `first`, then what is published."""
        follower = _Follower()
        self._followers.add(follower)
        try:
            for event in first():
                follower.put(event)
            while not self._closed:
                yield await self._next(follower)
        finally:
            self._followers.discard(follower)

    async def _next(self, follower: _Follower) -> bytes:
        try:
            await asyncio.wait_for(follower.ready.wait(), self._heartbeat)
        except TimeoutError:
            return BEAT
        return follower.take()


class _Follower:
    """What waits to be sent to one client."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self._waiting: dict[str, bytes] = {}

    def put(self, event: Event) -> None:
        self._waiting.pop(event.name, None)
        self._waiting[event.name] = event.text
        self.ready.set()

    def take(self) -> bytes:
        text = b"".join(self._waiting.values())
        self._waiting.clear()
        self.ready.clear()
        return text
