"""What a demo shows: the simulated stations of Ningbo, and the daily results of the other key cities."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from threading import Event, Lock, Thread

from paho.mqtt.client import Client
from rich.console import Console

from qingchuan.service.clock import SECOND, Clock
from qingchuan.service.demo_memory import recall, remember
from qingchuan.service.places import Places
from qingchuan.service.settings import Settings
from qingchuan.service.simulation import (
    History,
    Source,
    begin_of_last_year,
    connection,
    country,
    publish_history,
    publish_live,
)
from qingchuan.simulators.checks import Checks
from qingchuan.simulators.messages import Feed
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation
from qingchuan.simulators.publisher import BrokerUnreachableError
from qingchuan.store.journal_reader import JournalReader

_OVERLAP = 3600
"""So much of what a demo told last is told again by the next: it may have been on its way. [s]"""


class Demonstration:
    """The stations and the cities of a demo, each in a thread of its own; a later start goes on where this one ends.

    Parameters
    ----------
    settings : Settings
    clock : Clock
    stop : threading.Event
        Ends it.
    console : Console
    """

    def __init__(self, settings: Settings, clock: Clock, stop: Event, console: Console) -> None:
        self._settings = settings
        self._clock = clock
        self._stop = stop
        self._console = console
        self._places = Places(settings.data)
        self._memory = recall(self._places.demo, clock.now() // SECOND)
        self._writing = Lock()

    def run(self, days: int, *, cities: bool) -> None:
        """Tell the history of the last `days`, and what is new, until the demo ends."""
        self._remember()
        others = Thread(target=self._guarded, args=(self._cities,), name="cities")
        self._guarded(self._stations, days, others if cities else None)
        if others.ident is not None:
            others.join()

    def _stations(self, days: int, others: Thread | None) -> None:
        now = self._clock.now() // SECOND
        feed = Feed(Simulation(ningbo(), incident=self._memory.incident), self._settings.broker.prefix, Checks())
        history = History("历史数据 History", *feed.history(now, days, self._memory.stations))
        with connection(self._settings.broker, "demo") as client:
            self._publish(feed, history, client)
            if self._stop.is_set():
                return
            self._remember(stations=now)
            self._tell()
            if others is not None:
                others.start()
            self._remember(stations=publish_live(feed, now, client, self._clock, self._stop))

    def _cities(self) -> None:
        now = self._clock.now() // SECOND
        feed = country(self._settings.broker.prefix, now)
        told = self._memory.country or begin_of_last_year(now)
        history = History("其他城市 Other cities", *feed.history(told, now))
        with connection(self._settings.broker, "demo-cities") as client:
            self._publish(feed, history, client)
            if self._stop.is_set():
                return
            self._remember(country=now)
            self._remember(country=publish_live(feed, now, client, self._clock, self._stop))

    def _publish(self, source: Source, history: History, client: Client) -> None:
        with closing(JournalReader(self._places.journal)) as journal:
            publish_history(source, history, client, journal.from_stations, self._stop, self._console)

    def _remember(self, *, stations: int | None = None, country: int | None = None) -> None:
        """Keep in mind up to when was told what; the last hour of it is told again, for it may be on its way."""
        with self._writing:
            if stations is not None:
                self._memory.stations = stations - _OVERLAP
            if country is not None:
                self._memory.country = country - _OVERLAP
            remember(self._memory, self._places.demo)

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        try:
            work(*arguments)
        except BrokerUnreachableError as error:
            self._console.print(error)
            self._stop.set()

    def _tell(self) -> None:
        address, broker = f"http://{self._settings.api.address}", self._settings.broker
        say = self._console.print
        say(f"\n  晴川 Qingchuan  [bold]{address}/[/bold]   模拟数据 simulated data", highlight=False)
        say(f"  接口 interface  {address}/api/v1/air/live", highlight=False)
        say(f"  消息 broker     {broker.host}:{broker.port}", highlight=False)
        say("  停止 stop       Ctrl-C\n", highlight=False)
