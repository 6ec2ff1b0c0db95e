"""The live documents: built again when the store has changed, and kept as bytes that are ready to be sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import NamedTuple

import structlog

from qingchuan.api.changes import DOMAINS, Changes, Domain, Watch
from qingchuan.api.documents import Document
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.alerts import live_alerts
from qingchuan.api.queries.live_air import LiveAir
from qingchuan.api.queries.live_water import live_water
from qingchuan.api.schemas.air import Air
from qingchuan.api.schemas.alerts import Alerts
from qingchuan.api.schemas.water import Water
from qingchuan.api.services import Services
from qingchuan.api.stream import Event, Stream, encode_event

POLL = 0.05
"""How often to look for changes. [s]"""

PAUSE = 0.5
"""Least time from one build to the next. [s]"""

RETRY = 5.0
"""Least time from a build that failed to the next of the same document. [s]"""

_SHARE = 4
"""A build is followed by a pause of at least so many times its length, so that a long replay leaves time to answer."""

_log = structlog.get_logger()


class Stale(NamedTuple):
    """That a document could not be built, and is as it was before, if it was.

    Attributes
    ----------
    reason : str
    since : int
        When it failed first. [µs since 1970-01-01 UTC]
    again : float
        When it is tried again. [s of `time.monotonic`]
    """

    reason: str
    since: int
    again: float


class Live:
    """The live documents and the stream of their changes. One that cannot be built holds up none of the others.

    Parameters
    ----------
    services : Services
    stream : Stream
    retry : float
        Least time from a build that failed to the next of the same document. [s]
    """

    def __init__(self, services: Services, stream: Stream, retry: float = RETRY) -> None:
        self.stream = stream
        self.documents: dict[Domain, Document] = {}
        self.stale: dict[Domain, Stale] = {}
        self._services = services
        self._retry = retry
        self._watch = Watch(services)
        self._air = LiveAir(services)
        self._stopping = asyncio.Event()

    def answer(self, name: Domain) -> tuple[str, bytes]:
        """ETag and bytes of a document now.

        Raises
        ------
        ProblemError
            It could not be built yet.
        """
        document = self.documents.get(name)
        if document is None:
            reason = self.stale[name].reason if name in self.stale else "it is the first time"
            detail = f"the live document {name} is not built yet ({reason}); ask again, and look at the server's log"
            raise ProblemError(503, "not-built", detail)
        return document.etag, document.at(self._services.now())

    def events(self, documents: Iterable[Document] | None = None) -> list[Event]:
        """The events that carry `documents` (None: all) now."""
        now = self._services.now()
        chosen = list(self.documents.values()) if documents is None else documents
        return [encode_event(document.name, document.struct.sequence, document.at(now)) for document in chosen]

    def ages(self) -> dict[Domain, int]:
        """Age of the latest reading of each domain that has one in its document. [s]."""
        now = self._services.now() // 1_000_000
        latest = {name: document.latest() for name, document in self.documents.items()}
        return {name: now - time for name, time in latest.items() if time is not None}

    async def start(self) -> None:
        """Build everything for the first time."""
        await self._publish()

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
        """Build and publish what changed, each document as soon as it is ready; how long to pause then [s]."""
        began = time.monotonic()
        try:
            mark = self._watch.look()
            again = {name for name, stale in self.stale.items() if stale.again <= began}
            if not again and not self._watch.is_news(mark):
                return POLL
            changes = await asyncio.to_thread(self._watch.changes, mark)
        except Exception as error:  # noqa: BLE001  # whatever it was, it must not end the live documents for good
            self._watch.forget()
            for name in DOMAINS:
                self._fail(name, error)
            return self._retry
        for name in DOMAINS:
            if name in again or (name in changes.domains and name not in self.stale):
                await self._renew(name, changes)
        took = time.monotonic() - began
        return max(PAUSE - took, took * _SHARE)

    async def _renew(self, name: Domain, changes: Changes) -> None:
        """Build a document; publish it if it came out different."""
        changes = changes._replace(anew=changes.anew or name in self.stale)
        try:
            document = await asyncio.to_thread(self._build, name, changes)
        except Exception as error:  # noqa: BLE001  # as above; the other documents go on
            self._fail(name, error)
            return
        self.stale.pop(name, None)
        if document is not None:
            self.documents[name] = document
            for event in self.events([document]):
                self.stream.publish(event)

    def _fail(self, name: Domain, error: Exception) -> None:
        """Keep in mind that a document was not built, and when to try again."""
        since = self.stale[name].since if name in self.stale else self._services.now()
        self.stale[name] = Stale(f"{type(error).__name__}: {error}", since, time.monotonic() + self._retry)
        _log.error(
            "a live document was not built and is as it was", document=name, again_in=self._retry, exc_info=error
        )

    def _build(self, name: Domain, changes: Changes) -> Document | None:
        """A document that differs from what there is; None where it says the same."""
        struct, before = self._struct(name, changes), self.documents.get(name)
        return Document.of(name, struct) if before is None or not before.tells(struct) else None

    def _struct(self, name: Domain, changes: Changes) -> Air | Water | Alerts:
        if name == "air":
            return self._air.build(changes)
        if name == "water":
            return live_water(self._services, changes)
        return live_alerts(self._services, changes.now)
