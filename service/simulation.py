"""Publishing simulated stations and cities: what they have told so far, and then what they tell from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event
from typing import NamedTuple, Protocol

from paho.mqtt.client import Client
from rich.console import Console

from qingchuan.processing import periods
from qingchuan.processing.air import key_cities
from qingchuan.service.clock import SECOND, Clock
from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.pace import Pace
from qingchuan.service.progress import progress_bar
from qingchuan.service.settings import BrokerSettings
from qingchuan.simulators.country import RankedCity
from qingchuan.simulators.country_feed import CountryFeed
from qingchuan.simulators.messages import Due, Message
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.publisher import check_listening, connected, publish
from qingchuan.store.subjects import City, Name

_REGIONS_OF = date(2018, 7, 1)
"""When every key city had a region: the air is simulated by these."""
_BEAT = 0.2
"""How often to look for what has become due. [s]"""


class Source(Protocol):
    """Somebody whose messages are simulated."""

    def announcements(self) -> Iterator[Message]:
        """Retained announcements of all subjects."""
        ...

    def due(self, after: int, until: int) -> list[Due]:
        """Messages that go out in ``(after, until]`` [s since 1970-01-01 UTC]."""
        ...


class History(NamedTuple):
    """Messages to publish behind a progress bar.

    Attributes
    ----------
    name : str
        What the bar is called.
    total : int
    messages : iterable of Message
    """

    name: str
    total: int
    messages: Iterable[Message]


@contextmanager
def connection(broker: BrokerSettings, name: str) -> Iterator[Client]:
    """A publishing client for the configured broker; `name` tells it from others."""
    client_id = f"{broker.client_id}-{name}"
    client = mqtt_client(broker, client_id, clean_session=True, manual_ack=False)
    with connected(client, broker.host, broker.port):
        yield client


@contextmanager
def connection_to(broker: BrokerSettings, name: str, console: Console) -> Iterator[Client]:
    """As `connection`, to a broker of somebody else: what is waited for is said, and where nobody listens it ends.

    Raises
    ------
    BrokerUnreachableError
        There is no connection.
    """
    console.print(f"正在连接 Connecting to {broker.host}:{broker.port} …", highlight=False)
    check_listening(broker.host, broker.port)
    with connection(broker, name) as client:
        yield client


def country(prefix: str, now: int) -> CountryFeed:
    """The daily results of the key cities but Ningbo, whose stations are simulated.

    Parameters
    ----------
    prefix : str
        First level of the topics.
    now : int
        Whose list of key cities is taken. [s since 1970-01-01 UTC]
    """
    regions = {city.code: city.region.zh for city in key_cities.on(_REGIONS_OF) if city.region}
    others = [city for city in key_cities.on(periods.natural_day(now)) if city.code != ningbo().city.id]
    announced = {
        RankedCity(city.code, regions[city.code]): City(Name(city.name.zh, city.name.en), simulated=True)
        for city in others
    }
    return CountryFeed(announced, prefix)


def begin_of_last_year(now: int) -> int:
    """1 January of the year before that of `now`, so that a year can be compared with the one before it.

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> periods.to_beijing(begin_of_last_year(periods.parse_instant("2026-11-25T08:00:00+08:00"))).isoformat()
    '2025-01-01T00:00:00+08:00'
    """
    today = periods.natural_day(now)
    return periods.year_start(today.replace(year=today.year - 1, day=1))


def publish_history(
    source: Source, history: History, client: Client, taken: Callable[[], int] | None, stop: Event, console: Console
) -> None:
    """Publish the announcements of `source`, and `history` behind a progress bar.

    `taken` tells how many messages the collector has taken; with it, this returns when the history is in the journal.
    """
    publish(source.announcements(), client)
    if taken is not None:
        _knock(next(source.announcements()), client, taken, stop)
    pace = None if taken is None else Pace(taken, stop)
    with progress_bar(history.name, history.total, console) as done:
        published = publish(_until(stop, history.messages), client, pace, done)
    if pace is not None:
        pace.wait(published)


def publish_live(source: Source, after: int, client: Client, clock: Clock, stop: Event) -> int:
    """Publish what becomes due later than `after` until `stop` is set; up to when that is [s since 1970-01-01 UTC]."""
    while not stop.wait(_BEAT):
        now = clock.now() // SECOND
        if due := source.due(after, now):
            publish((each.message for each in due), client)
        after = max(after, now)
    return after


def _knock(message: Message, client: Client, taken: Callable[[], int], stop: Event) -> None:
    """Publish `message` until the collector takes it: what is sent before it first subscribes is lost."""
    before = taken()
    while taken() == before and not stop.wait(_BEAT):
        publish([message._replace(retain=False)], client)


def _until(stop: Event, messages: Iterable[Message]) -> Iterator[Message]:
    for message in messages:
        if stop.is_set():
            return
        yield message
