"""A client that is thrown away: it tries what a broker does, and acknowledges only when it is told to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage, error_string
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.settings import BrokerSettings

_STEP = 0.05
"""[s]"""
_PATIENCE = 10.0
"""How long an answer may take. [s]"""
_QUIET = 1.5
"""A broker that sends nothing for so long has nothing more to send. [s]"""
_WINDOW = 200
"""Messages on their way to the broker without an acknowledgement."""
_GOODBYES = 20
"""How often to loop for a disconnection to be sent."""


class BrokerError(ConnectionError):
    """The broker does not answer, or ended the connection."""


class RefusedByBrokerError(BrokerError):
    """The broker does not let us in."""


class Probe:
    """A connection to the broker, in one thread, as a context.

    Parameters
    ----------
    broker : BrokerSettings
    client_id : str
    clean_session : bool
        False leaves the session at the broker; `forget` removes it.

    Attributes
    ----------
    arrived : list of MQTTMessage
        In order; one of QoS 1 stays unacknowledged until `acknowledge`.
    session_present : bool
        Whether the broker had kept the session.
    """

    def __init__(self, broker: BrokerSettings, client_id: str, *, clean_session: bool = True) -> None:
        self._broker = broker
        self._client: Client = mqtt_client(broker, client_id, clean_session=clean_session, manual_ack=True)
        self._client.max_inflight_messages_set(_WINDOW)
        self._acknowledged = 0
        self._handed_over = 0
        self._published = 0
        self._granted: list[ReasonCode] = []
        self._reason: ReasonCode | None = None
        self.arrived: list[MQTTMessage] = []
        self.session_present = False

    def __enter__(self) -> Self:
        """Connect.

        Raises
        ------
        OSError
            Nobody is there, or the encryption does not come about.
        RefusedByBrokerError
            The broker does not let us in.
        """
        self._listen()
        try:
            self._client.connect(self._broker.host, self._broker.port)
            self._loop_until(lambda: self._reason is not None, "the connection")
            self._check_accepted()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Disconnect."""
        self._leave()

    def subscribe(self, topic_filter: str) -> ReasonCode:
        """Subscribe with QoS 1; the broker's answer."""
        before = len(self._granted)
        self._client.subscribe(topic_filter, qos=1)
        self._loop_until(lambda: len(self._granted) > before, f"the subscription of {topic_filter}")
        return self._granted[-1]

    def publish(self, topic: str, payloads: Iterable[bytes], *, retain: bool = False) -> None:
        """Publish with QoS 1, and return when the broker has acknowledged all.

        Raises
        ------
        BrokerError
            It did not.
        """
        for payload in payloads:
            self._client.publish(topic, payload, qos=1, retain=retain)
            self._handed_over += 1
        while self._published < self._handed_over:
            self._wait_for_another(topic)

    def collect(self, expected: int, *, acknowledge: bool = True) -> list[MQTTMessage]:
        """What has arrived when it is `expected` messages, or when the broker sends no more."""
        last, before = time.monotonic(), len(self.arrived)
        while len(self.arrived) < expected and time.monotonic() - last < _QUIET:
            self._loop()
            if acknowledge:
                self.acknowledge()
            if len(self.arrived) > before:
                last, before = time.monotonic(), len(self.arrived)
        if acknowledge:
            self.acknowledge()
        return self.arrived

    def acknowledge(self) -> None:
        """Acknowledge all that has arrived."""
        for message in self.arrived[self._acknowledged :]:
            self._client.ack(message.mid, message.qos)
        self._acknowledged = len(self.arrived)

    def socket(self) -> object:
        """The socket, which tells about the encryption."""
        return self._client.socket()

    def _check_accepted(self) -> None:
        if self._reason is not None and self._reason.is_failure:
            raise RefusedByBrokerError(str(self._reason))

    def _wait_for_another(self, topic: str) -> None:
        before = self._published
        self._loop_until(lambda: self._published > before, f"a message on {topic}")

    def _loop(self) -> None:
        outcome = self._client.loop(_STEP)
        if outcome != MQTTErrorCode.MQTT_ERR_SUCCESS and self._reason is None:
            raise BrokerError(f"the connection ended before it was accepted: {error_string(outcome)}")
        if outcome != MQTTErrorCode.MQTT_ERR_SUCCESS and not (self._reason and self._reason.is_failure):
            raise BrokerError(f"the broker ended the connection: {error_string(outcome)}")

    def _loop_until(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise BrokerError(f"no answer to {what} within {_PATIENCE:g} s")
            self._loop()

    def _leave(self) -> None:
        self._client.disconnect()
        for _ in range(_GOODBYES):
            if self._client.loop(_STEP) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break
        # Client and probe hold each other; let go, so that the client closes its sockets when it is no longer used.
        client = self._client
        client.on_connect = client.on_subscribe = client.on_publish = client.on_message = None

    def _listen(self) -> None:
        client = self._client
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_publish, client.on_message = self._on_publish, self._on_message

    def _on_connect(
        self, _client: Client, _data: object, flags: ConnectFlags, reason: ReasonCode, _told: Properties | None
    ) -> None:
        self.session_present, self._reason = flags.session_present, reason

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _told: Properties | None
    ) -> None:
        self._granted += reasons

    def _on_publish(
        self, _client: Client, _data: object, _mid: int, _reason: ReasonCode, _told: Properties | None
    ) -> None:
        self._published += 1

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.arrived.append(message)


def forget(broker: BrokerSettings, client_id: str) -> None:
    """Remove the session of `client_id` from the broker, with all that it keeps for it."""
    with Probe(broker, client_id):
        pass
