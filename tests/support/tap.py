"""A listener on the line between an MQTT 3.1.1 client and its broker: it forwards all, and remembers who had what.

Whatever the client sends to `Tap.port` reaches the broker byte for byte, and the other way round. On the way messages
are counted that the broker delivered with QoS 1, and those that the client acknowledged::

    with Tap(broker.port) as tap:
        ...  # a client connects to tap.port
        tap.acknowledged  # what the client answers for
"""

from __future__ import annotations

import socket
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Condition, Lock, Thread
from typing import Literal, NamedTuple, Self

PUBLISH, PUBACK = 3, 4
_CHUNK = 65536

Seen = Literal["delivered", "acknowledged"]


class Packet(NamedTuple):
    """A control packet of MQTT 3.1.1.

    Attributes
    ----------
    kind : int
        3 is PUBLISH, 4 is PUBACK.
    flags : int
        The lower four bits of the first byte.
    body : bytes
        What follows the remaining length.
    """

    kind: int
    flags: int
    body: bytes


class Delivery(NamedTuple):
    """A message that the broker delivered with QoS 1.

    Attributes
    ----------
    connection : int
        Counts the connections from 1.
    topic : str
    payload : bytes
    duplicate, retained : bool
        The flags DUP and RETAIN.
    """

    connection: int
    topic: str
    payload: bytes
    duplicate: bool
    retained: bool


class Packets:
    r"""Cuts a stream of bytes into packets, wherever the segments begin and end.

    Examples
    --------
    >>> packets = Packets()
    >>> list(packets.feed(bytes.fromhex("4002"))), list(packets.feed(bytes.fromhex("0007d000")))
    ([], [Packet(kind=4, flags=0, body=b'\x00\x07'), Packet(kind=13, flags=0, body=b'')])
    """

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[Packet]:
        """The packets that `data` completes."""
        self._buffer += data
        at = 0
        while (found := self._body(at)) is not None:
            begin, end = found
            yield Packet(self._buffer[at] >> 4, self._buffer[at] & 15, self._buffer[begin:end])
            at = end
        self._buffer = self._buffer[at:]

    def _body(self, at: int) -> tuple[int, int] | None:
        """Where the body of the packet at `at` begins and ends; None if not all of it has come."""
        length = 0
        for index, byte in enumerate(self._buffer[at + 1 : at + 5]):
            length |= (byte & 127) << 7 * index
            if byte < 128:
                begin = at + 2 + index
                return (begin, begin + length) if begin + length <= len(self._buffer) else None
        return None


def published(packet: Packet) -> tuple[int, str, bytes]:
    """Packet id, topic and payload of a PUBLISH with QoS 1 or 2."""
    length = int.from_bytes(packet.body[:2], "big")
    topic, rest = packet.body[2 : 2 + length].decode(), packet.body[2 + length :]
    return int.from_bytes(rest[:2], "big"), topic, rest[2:]


class Tap:
    """Forwards between clients and the broker at 127.0.0.1:`broker_port`.

    Attributes
    ----------
    port : int
        Where clients connect to.
    delivered, acknowledged : list of Delivery
        In the order of the line. An acknowledgement counts as soon as the client has sent it.
    strays : list of int
        Packet ids that were acknowledged without having been delivered on that connection.
    """

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.delivered: list[Delivery] = []
        self.acknowledged: list[Delivery] = []
        self.strays: list[int] = []
        self.connections = 0
        self._lines: list[_Line] = []
        self._changed = Condition()
        self._traps: list[tuple[Seen, int, Callable[[], object]]] = []
        self._thread = Thread(target=self._accept, name="tap", daemon=True)

    def seen(self, what: Seen) -> list[Delivery]:
        """What was delivered, or acknowledged, so far."""
        return self.delivered if what == "delivered" else self.acknowledged

    def when(self, what: Seen, more: int, action: Callable[[], object]) -> None:
        """Call `action` once, in the moment when `more` messages more have been delivered, or acknowledged."""
        with self._changed:
            self._traps.append((what, len(self.seen(what)) + more, action))

    def forget_traps(self) -> None:
        """Call no action that is still to come."""
        with self._changed:
            self._traps.clear()

    def wait_for(self, condition: Callable[[], bool], within: float) -> bool:
        """Whether `condition` on what was seen comes to hold `within` so many seconds."""
        with self._changed:
            return self._changed.wait_for(condition, within)

    def swallow(self) -> None:
        """From now on, lose what clients send on the connections there are, as a network does before it breaks."""
        for line in self._lines:
            line.swallows = True

    def cut(self) -> None:
        """End all connections, as a network does."""
        for line in self._lines:
            line.hang_up()

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections and listen no more."""
        _hang_up(self._listener)
        self._thread.join(10)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            broker = socket.create_connection(("127.0.0.1", self._broker_port), timeout=10)
        except OSError:
            client.close()
            return
        broker.settimeout(None)
        self.connections += 1
        line = _Line(self, self.connections, client, broker)
        self._lines = [*self._lines, line]
        line.start()

    def note(self, what: Seen, delivery: Delivery) -> None:
        """Take down what was seen, and spring the traps that waited for it."""
        with self._changed:
            self.seen(what).append(delivery)
            due = [trap for trap in self._traps if len(self.seen(trap[0])) >= trap[1]]
            self._traps = [trap for trap in self._traps if trap not in due]
            self._changed.notify_all()
        for _, _, action in due:
            action()


class _Line:
    """One connection: which packet ids are on their way."""

    def __init__(self, tap: Tap, number: int, client: socket.socket, broker: socket.socket) -> None:
        self._tap = tap
        self._number = number
        self._client = client
        self._broker = broker
        self._lock = Lock()
        self._open: defaultdict[int, deque[Delivery]] = defaultdict(deque)
        self.swallows = False

    def start(self) -> None:
        """Forward in both directions until one side has gone."""
        for end in (self._client, self._broker):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threads = [Thread(target=pump, daemon=True) for pump in (self._downwards, self._upwards)]
        for thread in threads:
            thread.start()
        Thread(target=self._close, args=(threads,), daemon=True).start()

    def hang_up(self) -> None:
        """End both sides."""
        for end in (self._client, self._broker):
            _hang_up(end)

    def _downwards(self) -> None:
        self._pump(self._broker, self._client, self._on_delivered, lambda: True)

    def _upwards(self) -> None:
        self._pump(self._client, self._broker, self._on_sent, lambda: not self.swallows)

    def _pump(
        self,
        source: socket.socket,
        target: socket.socket,
        look: Callable[[Packet], None],
        passes: Callable[[], bool],
    ) -> None:
        """Forward what comes, after it was noted."""
        packets = Packets()
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                for packet in packets.feed(data):
                    look(packet)
                if passes():
                    target.sendall(data)
        self.hang_up()

    def _close(self, threads: list[Thread]) -> None:
        for thread in threads:
            thread.join()
        self._client.close()
        self._broker.close()

    def _on_delivered(self, packet: Packet) -> None:
        qos = packet.flags >> 1 & 3
        if packet.kind != PUBLISH or qos == 0:
            return
        number, topic, payload = published(packet)
        delivery = Delivery(self._number, topic, payload, bool(packet.flags & 8), bool(packet.flags & 1))
        with self._lock:
            self._open[number].append(delivery)
        self._tap.note("delivered", delivery)

    def _on_sent(self, packet: Packet) -> None:
        if packet.kind != PUBACK:
            return
        number = int.from_bytes(packet.body, "big")
        with self._lock:
            delivery = self._open[number].popleft() if self._open[number] else None
        if delivery is None:
            self._tap.strays.append(number)
        else:
            self._tap.note("acknowledged", delivery)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
