"""What the checks look at: settings, data directory, broker; each part is opened when a check first asks for it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from paho.mqtt.client import topic_matches_sub

from qingchuan.processing.standards import Text
from qingchuan.service.clock import Clock, clock_from
from qingchuan.service.doctor.finding import NotTriedError
from qingchuan.service.doctor.mosquitto_conf import Conf, read_conf
from qingchuan.service.doctor.probe import BrokerError, Probe
from qingchuan.service.places import Places
from qingchuan.service.settings import BrokerSettings, Settings
from qingchuan.service.stores import OpenObservations, open_observations
from qingchuan.service.subscriptions import subscriptions
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.state import State

QUEUED = 2000
"""Messages that are published while nobody takes them, if nothing else is said; twice what Mosquitto keeps."""


class Patient:
    """A service that is looked at, running or not; nothing of it is changed.

    Parameters
    ----------
    settings : Settings
    conf : Path or None
        The configuration of a Mosquitto on this machine.
    queued : int
        Messages that are published while nobody takes them.
    config : Path or None
        The file of the settings.
    """

    def __init__(
        self, settings: Settings, conf: Path | None = None, queued: int = QUEUED, config: Path | None = None
    ) -> None:
        self.settings = settings
        self.config = config
        self.places = Places(settings.data)
        self.queued = queued
        self._conf = conf
        self._name = f"doctor-{secrets.token_hex(6)}"
        self._count = 0
        self._opened = ExitStack()

    @property
    def broker(self) -> BrokerSettings:
        """How the service reaches its broker."""
        return self.settings.broker

    @cached_property
    def clock(self) -> Clock:
        """The clock of the service."""
        return clock_from(self.settings)

    @cached_property
    def conf(self) -> Conf:
        """The configuration of the broker.

        Raises
        ------
        NotTriedError
            It was not given.
        """
        if self._conf is None:
            raise NotTriedError(
                Text(
                    "没有给出 --mosquitto-conf（代理的配置文件）",
                    "--mosquitto-conf (the file of the broker) is not given",
                )
            )
        return read_conf(self._conf)

    @cached_property
    def journal(self) -> JournalReader:
        """The journal."""
        self._check_there(self.places.journal / "journal.sqlite", self.places.journal / "head")
        journal = JournalReader(self.places.journal)
        self._opened.callback(journal.close)
        return journal

    @cached_property
    def state(self) -> State:
        """The state database."""
        self._check_there(self.places.state)
        state = State(self.places.state)
        self._opened.callback(state.close)
        return state

    @cached_property
    def observations(self) -> OpenObservations:
        """The observation store."""
        store = self.settings.store
        self._check_there(self.places.observations if store.kind == "embedded" else self.places.ledger)
        observations = open_observations(store, self.places, read_only=True)
        self._opened.callback(observations.close)
        return observations

    def client_id(self) -> str:
        """A name at the broker that nobody has had."""
        self._count += 1
        return f"qingchuan-{self._name}-{self._count}"

    def topic(self, name: str) -> str:
        """A topic to try things on. It has a level more than any of a station, so that no collector takes it."""
        return f"{self.broker.prefix}/doctor/{self._name}/{name}"

    def foreign_topic(self) -> str:
        """A topic as a station has one, but one level longer: of nobody."""
        return f"{self.broker.prefix}/{self._name}/hour/probe"

    def filters(self) -> tuple[str, ...]:
        """What the collector subscribes to."""
        return subscriptions(self.settings)

    @cached_property
    def taker(self) -> str | None:
        """The filter by which the collector would take what we try; None if none would."""
        tried = (self.topic("hello"), self.foreign_topic())
        return next((each for each in self.filters() for topic in tried if topic_matches_sub(each, topic)), None)

    @contextmanager
    def probe(self) -> Iterator[Probe]:
        """A new connection to the broker.

        Raises
        ------
        NotTriedError
            There is none to be had; the check of the connection says why.
        """
        self._reach()
        with Probe(self.broker, self.client_id()) as probe:
            yield probe

    @cached_property
    def may_try(self) -> bool:
        """Whether what we publish on our own topic comes back to us."""
        topic = self.topic("hello")
        if self.taker is not None:
            return False
        try:
            with self.probe() as probe:
                probe.subscribe(topic)
                probe.publish(topic, [b"hello"])
                return bool(probe.collect(1))
        except BrokerError:  # it ends the connection of who may not
            return False

    def check_may_try(self) -> None:
        """Make sure that things can be tried over the broker.

        Raises
        ------
        NotTriedError
            They cannot.
        """
        if not self.may_try:
            raise NotTriedError(Text("没有可以试的主题", "there is no topic to try on"))

    def close(self) -> None:
        """Close what was opened."""
        self._opened.close()

    @cached_property
    def _trouble(self) -> OSError | None:
        try:
            with Probe(self.broker, self.client_id()):
                return None
        except OSError as error:
            return error

    def _reach(self) -> None:
        if self._trouble is not None:
            raise NotTriedError(Text("与代理没有连接", "there is no connection to the broker"))

    def _check_there(self, *paths: Path) -> None:
        if not all(path.exists() for path in paths):
            raise NotTriedError(Text(f"{self.places.data} 还没有数据", f"{self.places.data} holds no data yet"))
