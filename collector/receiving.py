"""Receiving over MQTT: what both clients hand on, and the one that uses paho as everybody does.

`collector.bulk` has the other, which is several times faster and the usual one; the setting ``collector.reading``
chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
from paho.mqtt.client import Client, MQTTMessage

Told = Callable[[Sequence["Arrived"]], object]


class Arrived(msgspec.Struct, gc=False):
    r"""A message as it arrived.

    Attributes
    ----------
    topic : str
        Bytes of it that are no UTF-8 are written as ``\xff``.
    payload : bytes
    mid : int
        By which it is acknowledged.
    qos : int
    retained : bool
    """

    topic: str
    payload: bytes
    mid: int
    qos: int = 1
    retained: bool = False


class Receiving(Protocol):
    """What the collector needs beside what every client of paho can do."""

    on_arrived: Told | None

    def acknowledge(self, messages: Sequence[Arrived]) -> None:
        """Tell the broker that `messages` are safe; in the order in which they arrived."""
        ...


class PlainClient(Client):
    """paho's client with manual acknowledgement, message by message.

    Attributes
    ----------
    on_arrived : callable or None
        Takes the messages that have just arrived.

    Examples
    --------
    >>> from paho.mqtt.enums import CallbackAPIVersion
    >>> client = PlainClient(CallbackAPIVersion.VERSION2, "collector", clean_session=False, manual_ack=True)
    >>> client.on_arrived = print
    """

    on_arrived: Told | None = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # those of paho, whatever they are
        self.on_message = self._hand_on

    def acknowledge(self, messages: Sequence[Arrived]) -> None:
        """Tell the broker that `messages` are safe; in the order in which they arrived."""
        for message in messages:
            self.ack(message.mid, message.qos)

    def _hand_on(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if self.on_arrived is not None:
            self.on_arrived([arrived(message)])


def arrived(message: MQTTMessage) -> Arrived:
    """What paho handed over, in our form."""
    return Arrived(topic_of(message), bytes(message.payload), message.mid, message.qos, bool(message.retain))


def topic_of(message: MQTTMessage) -> str:
    """The topic, readable also where it is no UTF-8."""
    try:
        return message.topic
    except UnicodeDecodeError as error:
        return bytes(error.object).decode(errors="backslashreplace")
