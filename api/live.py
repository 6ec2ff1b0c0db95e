"""The live documents: built again when the store has changed, and kept as bytes that are ready to be sent."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import structlog

from qingchuan.api.answering import iso_time, json_bytes
from qingchuan.api.changes import Changes, Domain, Mark, Watch
from qingchuan.api.queries.alerts import live_alerts
from qingchuan.api.queries.live_air import LiveAir
from qingchuan.api.queries.live_water import live_water
from qingchuan.api.schemas.air import Air
from qingchuan.api.schemas.alerts import Alerts
from qingchuan.api.schemas.water import Water
from qingchuan.api.services import Services
from qingchuan.api.stream import Event, Stream, encode_event
from qingchuan.processing.periods import parse_instant

POLL = 0.05
"""How often to look for changes. [s]"""

PAUSE = 0.5
"""Least time from one build to the next. [s]"""

RETRY = 5.0
"""Time from a build that failed to the next [s]."""

_SHARE = 4
"""A build is followed by a pause of at least so many times its length, so that a long replay leaves time to answer."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Document:
    """A live document, ready to be sent.

    Attributes
    ----------
    name : Domain
    struct : Air, Water or Alerts
    body : bytes
        JSON, but for the time of the answer.
    etag : str
        Of `body`; weak, since the time of the answer is not in it.
    """

    name: Domain
    struct: Air | Water | Alerts
    body: bytes
    etag: str

    @classmethod
    def of(cls, name: Domain, struct: Air | Water | Alerts) -> Document:
        """The document that holds `struct`.

        Examples
        --------
        >>> Document.of("alerts", Alerts(7, [])).body
        b'{"sequence":7,"alerts":[]}'
        """
        body = json_bytes(struct)
        return cls(name, struct, body, f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')

    def at(self, now: int) -> bytes:
        """The document as it is sent at the time `now`. [µs since 1970-01-01 UTC].

        Examples
        --------
        >>> Document.of("alerts", Alerts(7, [])).at(0)
        b'{"now":"1970-01-01T08:00:00+08:00","sequence":7,"alerts":[]}'
        """
        return b'{"now":"%s",%s' % (iso_time(now // 1_000_000).encode(), self.body[1:])

    def tells(self, struct: Air | Water | Alerts) -> bool:
        """Whether `struct` says the same; a later sequence number alone is no news."""
        return msgspec.structs.replace(struct, sequence=self.struct.sequence) == self.struct


class Live:
    """The live documents and the stream of their changes.

    Parameters
    ----------
    services : Services
    stream : Stream
    """

    def __init__(self, services: Services, stream: Stream) -> None:
        self.stream = stream
        self.documents: dict[Domain, Document] = {}
        self._services = services
        self._watch = Watch(services)
        self._air = LiveAir(services)
        self._stopping = asyncio.Event()

    def refresh(self, mark: Mark) -> list[Document]:
        """Build again what the changes up to `mark` concern; those documents that came out different."""
        changes = self._watch.changes(mark)
        news: list[Document] = []
        for name in sorted(changes.domains):
            struct, before = self._build(name, changes), self.documents.get(name)
            if before is None or not before.tells(struct):
                self.documents[name] = Document.of(name, struct)
                news.append(self.documents[name])
        return news

    def answer(self, name: Domain) -> tuple[str, bytes]:
        """ETag and bytes of a document now."""
        document = self.documents[name]
        return document.etag, document.at(self._services.now())

    def events(self, documents: Iterable[Document] | None = None) -> list[Event]:
        """The events that carry `documents` (None: all) now."""
        now = self._services.now()
        chosen = list(self.documents.values()) if documents is None else documents
        return [encode_event(document.name, document.struct.sequence, document.at(now)) for document in chosen]

    def ages(self) -> dict[Domain, int]:
        """Age of the latest reading of each domain that has one in its document. [s]."""
        now = self._services.now() // 1_000_000
        latest = {name: max(_times(document.struct), default=None) for name, document in self.documents.items()}
        return {name: now - time for name, time in latest.items() if time is not None}

    async def start(self) -> None:
        """Build everything for the first time."""
        await asyncio.to_thread(self.refresh, self._watch.look())

    async def run(self) -> None:
        """Look for changes, build and publish, until `stop`."""
        pause = POLL
        while not await self._stopped_within(pause):
            pause = await self._publish()
        self._watch.close()

    def stop(self) -> None:
        """End all streams, and `run`."""
        self.stream.close()
        self._stopping.set()

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _publish(self) -> float:
        """Build and publish if something changed; how long to pause then [s]."""
        began = time.monotonic()
        try:
            mark = self._watch.look()
            if not self._watch.is_news(mark):
                return POLL
            news = await asyncio.to_thread(self.refresh, mark)
        except Exception:  # noqa: BLE001  # whatever it was, it must not end the live documents for good
            _log.exception("live documents were not built and are as they were; they are tried again")
            self._watch.forget()
            return RETRY
        for event in self.events(news):
            self.stream.publish(event)
        took = time.monotonic() - began
        return max(PAUSE - took, took * _SHARE)

    def _build(self, name: Domain, changes: Changes) -> Air | Water | Alerts:
        if name == "air":
            return self._air.build(changes)
        if name == "water":
            return live_water(self._services, changes)
        return live_alerts(self._services, changes.sequence)


def _times(struct: Air | Water | Alerts) -> Iterator[int]:
    """When the latest values in a document were measured. [s since 1970-01-01 UTC]."""
    if isinstance(struct, Air):
        yield from (parse_instant(station.hour.end) for station in struct.stations if station.hour)
    if isinstance(struct, Water):
        yield from (parse_instant(section.reading.time) for section in struct.sections if section.reading)
