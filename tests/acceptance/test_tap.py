"""The listener that the kill test trusts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from tests.support.tap import Packets, Tap


def _publish(number: int, payload: bytes, *, qos: int = 1, flags: int = 0) -> bytes:
    body = b"\x00\x03a/b" + (number.to_bytes(2, "big") if qos else b"") + payload
    assert len(body) < 128
    return bytes([0x30 | flags | qos << 1, len(body)]) + body


def _puback(number: int) -> bytes:
    return b"\x40\x02" + number.to_bytes(2, "big")


@contextmanager
def _line() -> Iterator[tuple[Tap, socket.socket, socket.socket]]:
    """A tap with a client and a broker at its ends."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Tap(listener.getsockname()[1]) as tap,
        socket.create_connection(("127.0.0.1", tap.port)) as client,
        listener.accept()[0] as broker,
    ):
        for end in (client, broker):
            end.settimeout(10)
        yield tap, client, broker


def _receive(end: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        found += end.recv(count - len(found))
    return found


@given(st.lists(st.binary(max_size=300), max_size=8), st.data())
def test_packets_are_cut_right_wherever_segments_begin_and_end(bodies: list[bytes], data: st.DataObject) -> None:
    """Several in a segment, or one in several, also within its length."""
    sizes = [
        bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7]) for body in bodies
    ]
    stream = b"".join(b"\x32" + size + body for size, body in zip(sizes, bodies, strict=True))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    packets = Packets()
    parts = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [packet.body for part in parts for packet in packets.feed(part)] == bodies


def test_everything_is_forwarded_byte_for_byte_and_acknowledgements_find_their_messages() -> None:
    """In any order, and with packet ids that are used again."""
    with _line() as (tap, client, broker):
        down = _publish(1, b"x") + _publish(2, b"y", flags=8) + _publish(0, b"z", qos=0)
        broker.sendall(down)
        assert _receive(client, len(down)) == down
        client.sendall(_puback(2) + _puback(1))
        assert _receive(broker, 8) == _puback(2) + _puback(1)
        broker.sendall(_publish(1, b"w", flags=1))
        _receive(client, 9)
        client.sendall(_puback(1) + _puback(9))
        assert _receive(broker, 8) == _puback(1) + _puback(9)
    assert [seen.payload for seen in tap.delivered] == [b"x", b"y", b"w"]
    assert [(seen.payload, seen.duplicate, seen.retained) for seen in tap.acknowledged] == [
        (b"y", True, False),
        (b"x", False, False),
        (b"w", False, True),
    ]
    assert tap.strays == [9]


def test_what_is_swallowed_counts_as_sent_and_does_not_arrive() -> None:
    """Like the last bytes before a network breaks."""
    with _line() as (tap, client, broker):
        broker.sendall(_publish(1, b"x"))
        _receive(client, 9)
        tap.swallow()
        client.sendall(_puback(1))
        assert tap.wait_for(lambda: len(tap.acknowledged) == 1, within=10)
        client.close()
        assert broker.recv(10) == b""


def test_a_trap_springs_once_at_its_moment() -> None:
    """After so many more messages than when it was set."""
    sprung: list[int] = []
    with _line() as (tap, client, broker):
        tap.when("delivered", 2, lambda: sprung.append(len(tap.delivered)))
        broker.sendall(b"".join(_publish(number, b"x") for number in (1, 2, 3)))
        _receive(client, 27)
    assert sprung == [2]


def test_an_end_that_hangs_up_ends_the_other() -> None:
    """A client learns that its broker has gone."""
    with _line() as (_, client, broker):
        broker.close()
        assert client.recv(10) == b""
