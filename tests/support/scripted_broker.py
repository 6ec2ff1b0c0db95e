"""A broker that says what a test gave it, in the portions that the test gave it, and remembers what it heard.

It speaks as much of MQTT 3.1.1 as a subscribed client needs; it is for what a real broker does only by chance, such as
packets that are cut in the middle of their length.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from itertools import pairwise
from struct import pack
from threading import Thread
from typing import NamedTuple, Self

_CONNACK = bytes([0x20, 2, 0, 0])
_LONGEST = 65536
_PATIENCE = 10.0
"""[s]"""


class Publish(NamedTuple):
    """A PUBLISH packet.

    Attributes
    ----------
    topic : bytes
    payload : bytes
    qos : int
    mid : int
    retained, duplicate : bool
    """

    topic: bytes
    payload: bytes
    qos: int = 1
    mid: int = 1
    retained: bool = False
    duplicate: bool = False

    def packet(self) -> bytes:
        """The bytes of it."""
        first = 0x30 | self.duplicate << 3 | self.qos << 1 | self.retained
        number = pack(">H", self.mid) if self.qos else b""
        body = pack(">H", len(self.topic)) + self.topic + number + self.payload
        return bytes([first]) + remaining(len(body)) + body


def remaining(length: int) -> bytes:
    """The one to four bytes that tell how long a packet is."""
    told = bytearray()
    while True:
        length, low = divmod(length, 128)
        told.append(low | (0x80 if length else 0))
        if not length:
            return bytes(told)


def pubrel(mid: int) -> bytes:
    """The packet that releases a QoS 2 message."""
    return pack(">BBH", 0x62, 2, mid)


class ScriptedBroker:
    """Answers the first client that connects, and then sends `portions`, each by a call of its own.

    Parameters
    ----------
    portions : sequence of bytes
    wait_for : int
        How many bytes to hear before it has nothing more to say and ends the connection.
    """

    def __init__(self, portions: Sequence[bytes], wait_for: int = 0) -> None:
        self._portions = portions
        self._wait_for = wait_for
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard = bytearray()
        self._thread = Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(_PATIENCE)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.recv(_LONGEST)  # CONNECT
            connection.sendall(_CONNACK)
            for portion in self._portions:
                connection.sendall(portion)
            while len(self.heard) < self._wait_for:
                self.heard += _receive(connection)
            connection.shutdown(socket.SHUT_WR)
            while heard := _receive(connection):
                self.heard += heard

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until the client is gone."""
        self._thread.join(_PATIENCE)
        self._listener.close()


def _receive(connection: socket.socket) -> bytes:
    try:
        return connection.recv(_LONGEST)
    except OSError:
        return b""


def portions(told: bytes, cuts: Iterable[int]) -> list[bytes]:
    """`told`, cut at the places `cuts`."""
    places = [0, *sorted({cut for cut in cuts if 0 < cut < len(told)}), len(told)]
    return [told[begin:end] for begin, end in pairwise(places)]
