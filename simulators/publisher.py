"""Publishes messages over MQTT, never more of them at once than a small broker can hold."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import TypeAlias

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

WINDOW = 1000
"""Messages that may be on their way without an acknowledgement. [-]"""

_START_IT = "start it, or correct host, port and login under [broker] (deploy/config.toml)"

Outgoing: TypeAlias = tuple[str, bytes, bool]
"""Topic, payload, and whether the broker retains it."""


class BrokerUnreachableError(ConnectionError):
    """The broker does not answer, refuses us, or acknowledges nothing any more."""


def check_listening(host: str, port: int, *, timeout: float = 5.0) -> None:
    """Make sure that something listens where the broker is to be: there is nothing to wait for where nothing does.

    A host that does not answer within `timeout` [s] may still; that is left to `connected`.

    Raises
    ------
    BrokerUnreachableError
        The connection is refused, or the host is not known.
    """
    try:
        socket.create_connection((host, port), timeout).close()
    except TimeoutError:
        return
    except OSError as error:
        raise BrokerUnreachableError(
            f"the broker has the address {host}:{port} and there is no connection ({error.strerror}); {_START_IT}"
        ) from error


@contextmanager
def connected(client: Client, host: str, port: int, *, timeout: float = 20.0) -> Iterator[None]:
    """Keep `client` connected: it connects again by itself whenever the connection breaks.

    Parameters
    ----------
    client : Client
        With login and encryption, not connected yet.
    host : str
    port : int
    timeout : float
        Give up when there is no connection after this time. [s]

    Raises
    ------
    BrokerUnreachableError
        There was no connection in time.
    """
    client.reconnect_delay_set(min_delay=1, max_delay=5)
    client.max_inflight_messages_set(WINDOW)
    arrival = _Arrival()
    client.on_connect = arrival.on_connect
    client.connect_async(host, port)
    client.loop_start()
    try:
        arrival.wait(timeout, f"{host}:{port}")
        yield
    finally:
        client.disconnect()
        client.loop_stop()


def publish(
    messages: Iterable[Outgoing],
    client: Client,
    pace: Callable[[int], None] | None = None,
    progress: Callable[[int], None] | None = None,
    *,
    window: int = WINDOW,
    timeout: float = 30.0,
) -> int:
    """Number of messages that were published with QoS 1 and acknowledged by the broker.

    Parameters
    ----------
    messages : iterable of (topic, payload, retain)
        Taken one by one, so it may be long.
    client : Client
        Connected, with its loop running (`connected`); while this runs, its `on_publish` is ours.
    pace : callable, optional
        Called before each message with the number handed over so far; returns when there is room for another.
    progress : callable, optional
        Called with the number of acknowledged messages whenever it has grown, in this thread.
    window : int
        Messages that may be on their way without an acknowledgement. [-]
    timeout : float
        Give up when nothing is acknowledged for this time although something is on its way. [s]

    Raises
    ------
    BrokerUnreachableError
        The broker acknowledged nothing for `timeout`. What it had not acknowledged may have arrived or not.
    """
    flight = _Flight(client, window, timeout, progress)
    client.on_publish = flight.on_publish
    try:
        for topic, payload, retain in messages:
            if pace is not None:
                pace(flight.handed_over)
            flight.hand_over(topic, payload, retain=retain)
        flight.wait_until(0)
    finally:
        client.on_publish = None
    return flight.handed_over


class _Arrival:
    """Waits for the first connection, and keeps why it was refused."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._connected = False
        self._refusal = "nobody answered"

    def on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _told: Properties | None
    ) -> None:
        with self._changed:
            self._connected = not reason.is_failure
            self._refusal = f"it refused us: {reason}"
            self._changed.notify_all()

    def wait(self, timeout: float, address: str) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._connected, timeout):
                raise BrokerUnreachableError(
                    f"the broker has the address {address} and there is no connection after {timeout:g} s "
                    f"({self._refusal}); {_START_IT}"
                )


class _Flight:
    """Counts what is handed over and what is acknowledged; the second happens in the thread of the client's loop."""

    def __init__(self, client: Client, window: int, timeout: float, progress: Callable[[int], None] | None) -> None:
        self._client = client
        self._window = window
        self._timeout = timeout
        self._progress = progress
        self._changed = Condition()
        self._acknowledged = 0
        self._reported = 0
        self.handed_over = 0

    def on_publish(self, _client: Client, _data: object, _mid: int, _reason: ReasonCode, _told: Properties) -> None:
        with self._changed:
            self._acknowledged += 1
            self._changed.notify()

    def hand_over(self, topic: str, payload: bytes, *, retain: bool) -> None:
        self.wait_until(self._window - 1)
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        # Without a connection the client keeps the message and sends it when it is connected again.
        if info.rc not in {MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN}:
            raise BrokerUnreachableError(f"the message on {topic} was not taken by the client: {info.rc!r}")
        self.handed_over += 1

    def wait_until(self, on_their_way: int) -> None:
        """Wait until at most so many messages are on their way."""
        goal = self.handed_over - on_their_way
        last, deadline = self._acknowledged, time.monotonic() + self._timeout
        while self._acknowledged < goal:
            with self._changed:
                self._changed.wait_for(lambda: self._acknowledged >= goal, timeout=0.5)
            self._report()
            if self._acknowledged > last:
                last, deadline = self._acknowledged, time.monotonic() + self._timeout
            if time.monotonic() > deadline:
                raise BrokerUnreachableError(self._given_up())
        self._report()

    def _report(self) -> None:
        if self._progress is not None and self._acknowledged > self._reported:
            self._reported = self._acknowledged
            self._progress(self._reported)

    def _given_up(self) -> str:
        state = "is connected" if self._client.is_connected() else "cannot be reached"
        return (
            f"the broker {state} and has acknowledged {self._acknowledged} of {self.handed_over} messages, none for "
            f"{self._timeout:g} s; see whether it runs and has room, then publish again: repeated messages do no harm"
        )
