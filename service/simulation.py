"""Publishing the simulated stations of Ningbo: their history, and then what they send from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import msgspec
from paho.mqtt.client import Client
from rich.console import Console

from qingchuan.service.clock import SECOND, Clock
from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.pace import Pace
from qingchuan.service.progress import progress_bar
from qingchuan.service.settings import BrokerSettings
from qingchuan.simulators.incident import Incident, soon_after
from qingchuan.simulators.messages import Feed, Message
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation
from qingchuan.simulators.publisher import connected, publish

_BEAT = 0.2
"""How often to look for what has become due. [s]"""


@contextmanager
def connection(broker: BrokerSettings, name: str) -> Iterator[Client]:
    """A publishing client for the configured broker; `name` tells it from others."""
    client_id = f"{broker.client_id}-{name}"
    client = mqtt_client(broker, client_id, clean_session=True, manual_ack=False)
    with connected(client, broker.host, broker.port):
        yield client


def feed(prefix: str, now: int, memory: Path | None) -> Feed:
    """The messages of Ningbo's simulated stations, with one incident soon after their first start.

    Parameters
    ----------
    prefix : str
        First level of the topics.
    now : int
        [s since 1970-01-01 UTC]
    memory : Path or None
        Remembers the incident, so that a later start tells the same history.
    """
    if memory is not None and memory.exists():
        incident = msgspec.json.decode(memory.read_bytes(), type=Incident)
    else:
        incident = soon_after(now)
    if memory is not None:
        memory.write_bytes(msgspec.json.encode(incident))
    return Feed(Simulation(ningbo(), incident=incident), prefix)


def publish_history(
    source: Feed, now: int, days: int, client: Client, taken: Callable[[], int] | None, stop: Event, console: Console
) -> int:
    """Publish announcements and history up to `now` [s], behind a progress bar; how many messages it were.

    `taken` tells how many messages the collector has taken; with it, this returns when the history is in the journal.
    """
    count, history = source.history(now, days)
    publish(source.announcements(), client)
    if taken is not None:
        _knock(next(source.announcements()), client, taken, stop)
    pace = None if taken is None else Pace(taken, stop)
    with progress_bar("历史数据 History", count, console) as done:
        published = publish(_until(stop, history), client, pace, done)
    if pace is not None:
        pace.wait(published)
    return published


def publish_live(source: Feed, after: int, client: Client, clock: Clock, stop: Event) -> None:
    """Publish what becomes due later than `after` [s], until `stop` is set."""
    while not stop.wait(_BEAT):
        now = clock.now() // SECOND
        if due := source.due(after, now):
            publish((each.message for each in due), client)
        after = max(after, now)


def _knock(message: Message, client: Client, taken: Callable[[], int], stop: Event) -> None:
    """Publish `message` until the collector takes it: what is sent before it first subscribes is lost."""
    before = taken()
    while taken() == before and not stop.wait(_BEAT):
        publish([message._replace(retain=False)], client)


def _until(stop: Event, messages: Iterator[Message]) -> Iterator[Message]:
    for message in messages:
        if stop.is_set():
            return
        yield message
