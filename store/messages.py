"""What the journal keeps: messages exactly as they were received, and the batches they are written in."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "mqtt",
    "hj212",
    "import",
    "refused",
    "connection",
    "disconnection",
    "quiet",
    "settings",
    "again",
    "loss",
    "audit",
    "publication",
]

FROM_STATIONS: frozenset[Kind] = frozenset({"mqtt", "hj212", "import", "refused"})
"""Kinds of messages that bring what stations measured; the others say how they are to be understood."""


class Message(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One message as it was received; nothing in it has been interpreted.

    Attributes
    ----------
    kind : Kind
        ``mqtt`` is a published message, ``hj212`` a frame that a data logger sent over TCP, ``import`` some rows of a
        file or a request, ``refused`` what the gateway did not take from a logger, with the reason; ``connection``
        marks that `source` connected anew (what a broker then repeats can be told apart from what is new),
        ``disconnection`` that its connection ended or could not be made, once an outage, with the reason; ``quiet``
        that its new connection brought nothing for a while, so that the broker has nothing to repeat; ``settings`` are
        those that decoding depends on, with the version of the program; ``again`` names messages that are to be
        applied once more, after a fix; ``loss`` is written by a start with ``--accept-loss``; ``audit`` is what an
        auditor did, ``publication`` a month as it was published.
    source : str
        Who received it: the MQTT client id, the gateway, or whoever imported it.
    topic : str
        The MQTT topic, or the MN number of the frame; empty for the other kinds.
    payload : bytes
        The payload, byte for byte.
    retained : bool
        Whether the broker delivered it as a retained message.
    qos : int
        Quality of service it was delivered with; a broker repeats only what it delivered with 1 or 2.

    Examples
    --------
    >>> Message("mqtt", "collector", "qingchuan/1235A/hour", b"{}").retained
    False
    """

    kind: Kind
    source: str
    topic: str
    payload: bytes
    retained: bool = False
    qos: int = 1


class Batch(msgspec.Struct, frozen=True):
    """Messages that were appended together.

    Attributes
    ----------
    sequence : int
        Sequence number of the first message; the others count on from it.
    received : int
        Time of receipt. Never less than that of the batch before. [µs since 1970-01-01 UTC]
    messages : tuple of Message
        At least one.

    Examples
    --------
    >>> batch = Batch(7, 0, (Message("mqtt", "c", "t", b"1"), Message("mqtt", "c", "t", b"2")))
    >>> batch.last
    8
    """

    sequence: int
    received: int
    messages: tuple[Message, ...]

    @property
    def last(self) -> int:
        """Sequence number of the last message."""
        return self.sequence + len(self.messages) - 1

    def after(self, sequence: int) -> Batch:
        """The part of this batch that comes after `sequence`."""
        skip = max(0, sequence + 1 - self.sequence)
        return Batch(self.sequence + skip, self.received, self.messages[skip:]) if skip else self

    def from_stations(self) -> int:
        """How many of the messages came from stations."""
        return sum(message.kind in FROM_STATIONS for message in self.messages)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Message, ...])


def encode(messages: tuple[Message, ...]) -> bytes:
    """The bytes of `messages` that a journal row holds and the chain's hash covers."""
    return _encoder.encode(messages)


def decode(body: bytes) -> tuple[Message, ...]:
    """The messages of a journal row's `body`."""
    return _decoder.decode(body)
