"""The MQTT side of the collector: what arrives is appended to the journal, then acknowledged, then applied.

One thread does it all: paho's loop, journal, acknowledgement, application. A batch is closed when it is full or when
the loop brought nothing more, never by a timer: a broker that lets few messages be in flight would be starved by one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from itertools import chain
from threading import Event
from typing import NamedTuple

import msgspec
import structlog
from paho.mqtt.client import Client, ConnectFlags, error_string
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from qingchuan.collector.applier import Applier
from qingchuan.collector.applying import Applying
from qingchuan.collector.decoded import digest
from qingchuan.collector.quiet import Quiet
from qingchuan.collector.receiving import Arrived, PlainClient
from qingchuan.collector.takeovers import Takeovers
from qingchuan.collector.traces import Ended
from qingchuan.store.journal import Journal, JournalUnavailableError
from qingchuan.store.messages import Message

_WAIT = 0.2
"""How long a loop waits for a first message. [s]"""
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""How long to wait before connecting again. [s]"""
_LASTING = 10.0
"""A connection that lasted so long was a good one: after it the pause is short again. [s]"""
_POSTPONED = 0.5
"""How long applying may wait while more is coming: what a broker has queued is safe only in the journal. [s]"""
_MOST_BYTES = 16_000_000
"""A batch of so many bytes is full, however few its messages are."""
_GOODBYES = 20
"""How often to loop for a disconnection to be sent."""
_LOGGED = 20
"""How many refusals of a batch are logged; all are kept."""


class Options(NamedTuple):
    """How the collector connects.

    Attributes
    ----------
    host : str
    port : int
    topic_filters : tuple of str
    keepalive : int
        [s]
    batch : int
        Messages appended at once, at most.
    """

    host: str
    port: int
    topic_filters: tuple[str, ...]
    keepalive: int = 60
    batch: int = 8000


class Collector:
    """Receives over MQTT and loses nothing that it acknowledged.

    Parameters
    ----------
    client : PlainClient or BulkClient
        With ``manual_ack`` and a persistent session; not connected yet.
    source : str
        The MQTT client id.
    journal : Journal
    applier : callable
        Makes the `Applier`; called again after the store had failed.
    retained : dict of str to bytes
        Digests of retained payloads that are in the journal; kept up to date here.
    options : Options
    idle : callable
        Called whenever there is nothing else to do.
    """

    def __init__(
        self,
        client: PlainClient,
        source: str,
        journal: Journal,
        applier: Callable[[], Applier],
        retained: dict[str, bytes],
        options: Options,
        idle: Callable[[], object] = lambda: None,
    ) -> None:
        self._client = client
        self._source = source
        self._journal = journal
        self._applying = Applying(applier)
        self._retained = retained
        self._options = options
        self._idle = idle
        self._arrived: list[Arrived] = []
        self._news: list[Message] = []
        self._lately: list[Message] = []
        self._bytes = self._portion = 0
        self._quiet = Quiet(amid=2 * options.keepalive)
        self._takeovers = Takeovers()
        self._ended = Ended()
        self._said: Ended | None = None
        self._unsaid: Ended | None = None
        self._log = structlog.get_logger("collector").bind(broker=f"{options.host}:{options.port}")
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_arrived = self._on_arrived

    def run(self, stop: Event) -> None:
        """Receive until `stop` is set."""
        self._apply()
        pause = _SHORTEST_PAUSE
        while not stop.is_set():
            started, self._ended = time.monotonic(), Ended()
            self._wait_for_room(stop)
            try:
                self._client.connect(self._options.host, self._options.port, self._options.keepalive)
                self._receive(stop)
            except (OSError, JournalUnavailableError) as error:
                self._ended = Ended("broker" if isinstance(error, OSError) else "journal", str(error))
                check = "is the broker there? (broker.host, broker.port)"
                self._log.warning("interrupted", error=str(error), again_in_seconds=pause, check=check)
            self._leave()
            self._say_end(Ended("stop", "told to stop") if stop.is_set() else self._ended)
            lasted = time.monotonic() - started > _LASTING
            pause = _SHORTEST_PAUSE if lasted else min(2 * pause, _LONGEST_PAUSE)
            self._catch_up(stop)
            stop.wait(pause)
        # Client and collector hold each other; let go, so that the client closes its sockets when it is no longer used.
        self._client.on_connect = self._client.on_subscribe = self._client.on_arrived = None

    def _say_end(self, ended: Ended) -> None:
        """Journal why there is no connection, once an outage: what is missing of that time then has its cause."""
        if self._said is not None and ended.cause != "stop":
            return
        self._said = ended
        if ended.cause == "broker" and self._takeovers.lose():
            then = "if another collector uses it, each has only a part of the messages: give each an id of its own"
            self._log.error("connection lost again and again", client_id=self._source, then=then)
        try:
            self._journal.append([self._end_marker(ended)])
            self._unsaid = None
        except (JournalUnavailableError, OSError) as error:
            self._unsaid = ended
            self._log.warning("end of the connection not journaled yet", error=str(error))

    def _end_marker(self, ended: Ended) -> Message:
        return Message("disconnection", self._source, "", msgspec.json.encode(ended))

    def _wait_for_room(self, stop: Event) -> None:
        """Stay away from the broker while the disk is full: it keeps what it has for us. What is waiting is applied."""
        if not self._journal.has_room():
            self._log.error("disk full", then="the broker keeps what arrives", settings="collector.least_free")
        while not self._journal.has_room() and not stop.is_set():
            self._catch_up(stop)
            stop.wait(_SHORTEST_PAUSE)

    def _receive(self, stop: Event) -> None:
        """Loop until the connection ends or `stop` is set; what has arrived by then is flushed."""
        while not stop.is_set():
            before = len(self._arrived)
            outcome = self._client.loop(0 if before or self._applying.behind else _WAIT) or self._read_on()
            if outcome != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._ended = Ended("broker", self._ended.reason or error_string(outcome))
                self._log.warning("disconnected", error=error_string(outcome))
                break
            if len(self._arrived) == before or self._is_full():
                more_is_coming = self._is_full()
                if not self._arrived and self._quiet.look():
                    self._say_quiet()
                self._flush()
                if not more_is_coming or time.monotonic() - self._applying.tried > _POSTPONED:
                    self._apply()
        self._flush()

    def _say_quiet(self) -> None:
        """Journal that the broker has nothing to repeat, if anything waits for that."""
        if self._applying.waits_for(self._source):
            self._journal.append([Message("quiet", self._source, "", b"")])
            self._quiet.end()
            self._log.info("nothing repeated")

    def _read_on(self) -> MQTTErrorCode:
        """Read what else is there, up to a full batch, without asking before each message whether it is."""
        outcome, before = MQTTErrorCode.MQTT_ERR_SUCCESS, 0
        while outcome == MQTTErrorCode.MQTT_ERR_SUCCESS and before < len(self._arrived) and not self._is_full():
            before = len(self._arrived)
            outcome = self._client.loop_read()
        return outcome

    def _flush(self) -> None:
        """Append what is new of what arrived, then acknowledge all of it."""
        if not self._arrived:
            return
        for first in range(0, len(self._news), self._options.batch):
            self._journal.append(self._news[first : first + self._options.batch])
        self._retained.update((message.topic, digest(message.payload)) for message in self._news if message.retained)
        self._client.acknowledge(self._arrived)
        self._lately = self._news
        self._clear()

    def _is_full(self) -> bool:
        """Whether as much as came last would not go into the batch any more."""
        return len(self._arrived) + self._portion > self._options.batch or self._bytes >= _MOST_BYTES

    def _clear(self) -> None:
        self._arrived, self._news = [], []
        self._bytes = self._portion = 0

    def _catch_up(self, stop: Event) -> None:
        """Apply all that is in the journal; without a connection there is time for it."""
        self._apply()
        while self._applying.behind and not stop.is_set():
            self._apply()

    def _apply(self) -> None:
        """Apply one batch. While the store is away the journal goes on taking everything."""
        decoded = self._applying.step()
        if decoded is None:
            self._idle()
        else:
            self._retained.update(decoded.digests)
            for letter in decoded.letters[:_LOGGED]:
                self._log.warning("refused", **letter._asdict())

    def _leave(self) -> None:
        """End the connection; what was not acknowledged will be sent again."""
        self._quiet.end()
        self._client.disconnect()
        for _ in range(_GOODBYES):
            if self._client.loop(0.1) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break
        self._clear()

    def _on_connect(
        self, client: Client, _data: object, flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._ended = Ended("broker", f"refused: {reason}")
            self._log.error(
                "refused by the broker", reason=str(reason), settings="broker.username, broker.password_file"
            )
            return
        marker = json.dumps({"session_present": flags.session_present})
        earlier = [] if self._unsaid is None else [self._end_marker(self._unsaid)]
        self._journal.append([*earlier, Message("connection", self._source, "", marker.encode())])
        self._said = self._unsaid = None
        self._quiet.connected()
        client.subscribe([(topics, 1) for topics in self._options.topic_filters])
        self._log.info("connected", session_present=flags.session_present)

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        """A broker may refuse what it does not let us read, and then nothing ever arrives."""
        self._quiet.subscribed()
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._log.error(
                "subscription refused by the broker",
                reason=refused[0],
                topics=", ".join(self._options.topic_filters),
                then="let broker.username read them there",
            )
        else:
            self._log.info("subscribed", topics=", ".join(self._options.topic_filters))

    def _on_arrived(self, arrived: Sequence[Arrived]) -> None:
        source = self._source
        self._quiet.heard(arrived)
        for one in arrived:
            message = Message("mqtt", source, one.topic, one.payload, one.retained, one.qos)
            if not (one.retained and self._knows(message)):
                self._news.append(message)
            self._bytes += len(one.payload)
        self._arrived += arrived
        self._portion = len(arrived)

    def _was_just_said(self, message: Message) -> bool:
        """Whether it is being journaled, or not applied yet: it was published just as we subscribed."""
        said = chain(self._news, self._lately)
        return any(one.topic == message.topic and one.payload == message.payload for one in said)

    def _knows(self, message: Message) -> bool:
        """Whether the journal has a retained message; a broker delivers it again with each subscription."""
        if self._retained.get(message.topic) == digest(message.payload) or self._was_just_said(message):
            return True
        return self._applying.knows(message)
