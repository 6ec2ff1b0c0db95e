"""Reading MQTT messages in bulk under paho. The only file that touches paho's private members.

paho reads a packet in three small steps and hands over one message at a time, which takes most of what receiving takes.
Here one `recv` brings many packets, the QoS 1 messages of MQTT 3.1.1 are cut out of it in one loop and handed over
together, and their acknowledgements leave as one. Every other packet goes through paho's own handlers; connecting,
TLS, login, keep-alive and reconnecting are paho's. ``collector.reading = "plain"`` does without all this.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from functools import lru_cache
from struct import pack

from paho.mqtt.client import MQTT_ERR_NO_CONN, MQTTv5
from paho.mqtt.enums import MQTTErrorCode

from qingchuan.collector.receiving import Arrived, PlainClient

_CHUNK = 1 << 18
"""How much is read at once. [B]"""
_PUBLISH_QOS_1 = 0x32
_FIXED = 0xF6
"""Bits of the first byte that tell a QoS 1 message, whether or not it is a duplicate or retained."""
_RETAINED = 0x01
_PUBACK = 0x40
_PUBACK_AND_LENGTH = 0x4002
_GOES_ON = 0x80
"""Bit of a byte that says that more bytes of a length follow."""
_LONGEST_KNOWN = 200
"""Longer topics are not remembered: anybody may think up such of up to 64 KiB. [B]"""
_LONGEST_LENGTH = 4
"""Bytes that tell how long a packet is, at most."""


class BulkClient(PlainClient):
    """paho's client, with many QoS 1 messages handed over and acknowledged at once.

    Examples
    --------
    >>> from paho.mqtt.enums import CallbackAPIVersion
    >>> client = BulkClient(CallbackAPIVersion.VERSION2, "collector", clean_session=False, manual_ack=True)
    >>> client.on_arrived = print
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._received = bytearray()
        self._wanted = 0
        self._packet = memoryview(b"")

    def reconnect(self) -> MQTTErrorCode:
        """Connect again; what was left of the connection before is no part of this one."""
        self._forget()
        return super().reconnect()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read what is there, up to 256 KiB, and hand it on."""
        if self._protocol == MQTTv5:
            return super().loop_read(max_packets)
        if self._sock is None:
            return MQTT_ERR_NO_CONN
        outcome = self._receive()
        if outcome == MQTTErrorCode.MQTT_ERR_SUCCESS and len(self._received) >= self._wanted:
            outcome = self._hand_on_all()
        return self._loop_rc_handle(outcome) if outcome else outcome

    def acknowledge(self, messages: Sequence[Arrived]) -> None:
        """Tell the broker that `messages` are safe, by one packet as far as they are QoS 1."""
        others = [message for message in messages if message.qos != 1]
        if others or self._protocol == MQTTv5:
            super().acknowledge(messages)
        elif messages:
            words = [_PUBACK_AND_LENGTH] * (2 * len(messages))
            words[1::2] = [message.mid for message in messages]
            self._packet_queue(_PUBACK, pack(f">{len(words)}H", *words), 0, 1)

    def _forget(self) -> None:
        self._received.clear()
        self._wanted = 0

    def _receive(self) -> MQTTErrorCode:
        """Put what the socket has behind what is left of before."""
        try:
            chunk = self._sock.recv(_CHUNK)  # type: ignore[union-attr]  # the caller has looked
        except (BlockingIOError, ssl.SSLWantReadError):
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except ssl.SSLWantWriteError:
            self._call_socket_register_write()
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        if not chunk:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        self._received += chunk
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _hand_on_all(self) -> MQTTErrorCode:
        """Hand on all packets that have come whole, in their order, and keep the rest."""
        received = bytes(self._received)
        self._forget()
        at, outcome = 0, MQTTErrorCode.MQTT_ERR_SUCCESS
        while outcome == MQTTErrorCode.MQTT_ERR_SUCCESS and self._sock is not None:
            messages, at = _cut(received, at)
            if messages and self.on_arrived is not None:
                self.on_arrived(messages)
            body, end = _extent(received, at)
            if end < 0:
                return MQTTErrorCode.MQTT_ERR_PROTOCOL
            if body == 0 or end > len(received):
                self._received += received[at:]
                self._wanted = end - at
                break
            self._packet = memoryview(received)[at:end]
            outcome, at = self._handle_next(), end
        return outcome

    def _handle_next(self) -> MQTTErrorCode:
        """Let paho handle one packet; a QoS 1 message comes here only if it is malformed."""
        if self._packet[0] & _FIXED == _PUBLISH_QOS_1:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        return self._packet_read()

    def _sock_recv(self, bufsize: int) -> bytes:
        """What paho reads: the packet that it is to handle."""
        if self._protocol == MQTTv5:
            return super()._sock_recv(bufsize)
        taken, self._packet = self._packet[:bufsize], self._packet[bufsize:]
        return bytes(taken)


def _cut(received: bytes, at: int) -> tuple[list[Arrived], int]:
    """The QoS 1 messages that stand whole from `at` on, and where something else begins."""
    messages: list[Arrived] = []
    known = len(received)
    while at + 2 < known and (first := received[at]) & _FIXED == _PUBLISH_QOS_1:
        length, more = received[at + 1], received[at + 2]
        if length < _GOES_ON:
            body, end = at + 2, at + 2 + length
        elif more < _GOES_ON:  # as long as most messages are
            body, end = at + 3, at + 3 + length - _GOES_ON + (more << 7)
        else:
            body, end = _extent(received, at)
        if not 0 < end <= known or body == 0:
            break
        topic = body + 2
        mid = topic + (received[body] << 8 | received[body + 1]) if topic <= end else end
        payload = mid + 2
        if payload > end:
            break
        number = received[mid] << 8 | received[mid + 1]
        retained = first & _RETAINED != 0
        text = _text if mid - topic <= _LONGEST_KNOWN else _text.__wrapped__
        messages.append(Arrived(text(received[topic:mid]), received[payload:end], number, 1, retained))
        at = end
    return messages, at


@lru_cache(maxsize=16384)  # stations publish on the same topics again and again
def _text(topic: bytes) -> str:
    return str(topic, "utf-8", "backslashreplace")


def _extent(received: bytes, at: int) -> tuple[int, int]:
    """Where the body of the packet at `at` begins and where it ends.

    The begin is 0 where that is not known yet; the end is −1 where a length is told in more bytes than may be.
    """
    length = 0
    for count, place in enumerate(range(at + 1, at + 1 + _LONGEST_LENGTH)):
        if place >= len(received):
            return 0, place + 1
        length |= (received[place] & ~_GOES_ON) << 7 * count
        if not received[place] & _GOES_ON:
            return place + 1, place + 1 + length
    return 0, -1
