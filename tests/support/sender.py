"""A station's side of the line to a broker that may go away: it knows how each publish ended.

It speaks MQTT 3.1.1 by hand: a client library would publish again by itself what was on its way when a connection
broke, and nothing would ever end unknown.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import Self

from tests.support.publishes import History, Publish, stations

_CONNECT = bytes.fromhex("10 0c 0004 4d515454 04 02 003c 0000")
_CONNACK = bytes.fromhex("20020000")
_PUBLISH_QOS_1 = 0x32
_PUBACK_SIZE = 4
_AT_ONCE = 100
"""Messages on their way together."""
_PAUSE = 0.02
"""Between two attempts while nobody listens; each costs a message. [s]"""
PATIENCE = 300.0
"""[s] for a part to be published."""


class Sender:
    """Publishes with QoS 1 in a thread of its own, and writes down how each publish ended.

    Parameters
    ----------
    port : int
        Of the broker on 127.0.0.1.
    messages : iterator of Publish
    history : History
        Takes what is published.
    prefix : str
        What the topics begin with.
    """

    def __init__(self, port: int, messages: Iterator[Publish], history: History, prefix: str = "qingchuan") -> None:
        self._prefix = prefix
        self._port = port
        self._messages = messages
        self._history = history
        self._line: socket.socket | None = None
        self._parts: Future[None] | None = None

    def announce(self) -> None:
        """Publish who all stations are."""
        line = self._connected()
        if line is None:
            raise ConnectionError(f"nobody listens at 127.0.0.1:{self._port}")
        told = stations()
        line.sendall(b"".join(_packet(number, *each) for number, each in enumerate(told, 1)))
        list(_acknowledgements(line, len(told)))

    def say(self, count: int, *, rate: float = 0, wait: bool = True) -> None:
        """Publish `count` messages more, at most `rate` a second where that is not 0."""
        part = list(islice(self._messages, count))
        self._parts = self._thread.submit(self._publish, part, rate)
        if wait:
            self.finish()

    def finish(self) -> None:
        """Wait until all that was to be said is."""
        if self._parts is not None:
            self._parts.result(PATIENCE)

    def is_done(self) -> bool:
        """Whether all that was to be said is."""
        return self._parts is None or self._parts.done()

    def __enter__(self) -> Self:
        """Be ready."""
        self._thread = ThreadPoolExecutor(1, "sender")
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._thread.shutdown()
        self._hang_up()

    def _publish(self, part: Sequence[Publish], rate: float) -> None:
        began, at = time.monotonic(), 0
        while at < len(part):
            line = self._connected()
            if line is None:
                self._history.add(part[at])
                self._history.outcomes[-1] = "failed"
                at += 1
                time.sleep(_PAUSE)
                continue
            self._send(line, part[at : at + _AT_ONCE])
            at += _AT_ONCE
            if rate:
                time.sleep(max(0, began + at / rate - time.monotonic()))

    def _send(self, line: socket.socket, together: Sequence[Publish]) -> None:
        first = len(self._history.outcomes)
        for publish in together:
            self._history.add(publish)
        try:
            packets = (_packet(mid, one.topic(self._prefix), one.payload()) for mid, one in enumerate(together, 1))
            line.sendall(b"".join(packets))
            for mid in _acknowledgements(line, len(together)):
                self._history.outcomes[first + mid - 1] = "ok"
        except OSError:
            self._hang_up()

    def _connected(self) -> socket.socket | None:
        """The line to the broker; None while nobody takes the connection."""
        if self._line is None:
            with suppress(OSError):
                line = socket.create_connection(("127.0.0.1", self._port), timeout=20)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.sendall(_CONNECT)
                self._line = line if _exactly(line, len(_CONNACK)) == _CONNACK else None
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _packet(mid: int, topic: str, payload: bytes) -> bytes:
    """A PUBLISH of QoS 1."""
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + mid.to_bytes(2, "big") + payload
    length, size = len(body), b""
    while length > 127:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    return bytes([_PUBLISH_QOS_1]) + size + bytes([length]) + body


def _acknowledgements(line: socket.socket, count: int) -> Iterator[int]:
    """The numbers of `count` messages as the broker acknowledges them."""
    for _ in range(count):
        yield int.from_bytes(_exactly(line, _PUBACK_SIZE)[2:], "big")


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise ConnectionError("the broker hung up")
        found += more
    return found
