"""The web and work process: API and pages, the alert engine and the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event, Thread

import structlog

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.notifiers.webhook import Webhook
from qingchuan.alerts.outbox import Outbox
from qingchuan.alerts.rules import load_rules
from qingchuan.api.app import create_app
from qingchuan.api.server import Server
from qingchuan.api.services import Services
from qingchuan.service.clock import clock_from
from qingchuan.service.cubing import CubeKeeping
from qingchuan.service.lock import Hold
from qingchuan.service.places import DataFolderError, Places, make_folder
from qingchuan.service.prepare import prepare
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.schedule.running import start_schedule
from qingchuan.service.settings import Settings, WebhookSettings
from qingchuan.service.stores import open_observations
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.state import State

_PULSE = 0.05
"""How often to look for changes. [s]"""
_PAUSE = 1.0
"""How long to wait after work has failed. [s]"""
_PATIENCE = 12.0
"""How long to wait at the end for a notice that is on its way. [s]"""


def serve(settings: Settings, stop: Event) -> None:
    """Serve API and pages, decide alerts and deliver notices until `stop` is set.

    Raises
    ------
    DataFolderError
        The directory cannot be used, or the data are being made anew.
    """
    make_folder(settings.data)
    pages = Hold(Places(settings.data).pages_lock, shared=True)
    if not pages.take():
        raise DataFolderError(
            f"the data in {settings.data} are being made anew (qingchuan rebuild); start when it is done"
        )
    places = prepare(settings.data, settings.store)
    stores = open_stores(places, settings.store)
    services = services_of(stores, settings)
    threads = [_thread("alerts", _engine(settings, places, stores.journal).step, stop)]
    threads += [
        _thread(f"outbox {hook.name}", _outbox(settings, places, hook), stop) for hook in settings.alerts.webhooks
    ]
    cube = CubeKeeping(places, open_observations(settings.store, places, read_only=True))
    threads.append(_thread("cube", cube, stop))
    schedule = start_schedule(settings, places, stores, services)
    try:
        asyncio.run(_serve_web(services, settings, stop))
    finally:  # also where it cannot listen: the process would not end before all is done that is due
        schedule.shutdown()
    for thread in threads:
        thread.join(_PATIENCE)
    cube.close()
    pages.release()


def _engine(settings: Settings, places: Places, journal: JournalReader) -> Engine:
    return Engine(
        open_observations(settings.store, places, read_only=True),
        State(places.state),
        load_rules(),
        now=clock_from(settings).now,
        notify_within=round(settings.alerts.notify_within * 3600),
        targets=[webhook.name for webhook in settings.alerts.webhooks],
        head=lambda: str(journal.acknowledged()),
    )


def _outbox(settings: Settings, places: Places, webhook: WebhookSettings) -> Callable[[], int]:
    notifiers = {webhook.name: Webhook(webhook.url, webhook.secret())}
    return Outbox(State(places.state).engine, notifiers, clock_from(settings).now).deliver


def _thread(name: str, work: Callable[[], int], stop: Event) -> Thread:
    thread = Thread(target=_repeat, args=(name, work, stop), name=name, daemon=True)
    thread.start()
    return thread


def _repeat(name: str, work: Callable[[], int], stop: Event) -> None:
    """Do `work` again and again, at once while it finds something to do; a store that is away is waited for."""
    log = structlog.get_logger(name)
    while not stop.is_set():
        try:
            pause = 0.0 if work() else _PULSE
        except Exception:  # work that ends would never be missed: it goes on, and says what it ran into
            log.exception("failed", again_in_seconds=_PAUSE)
            pause = _PAUSE
        stop.wait(pause)


async def _serve_web(services: Services, settings: Settings, stop: Event) -> None:
    address = settings.api.address
    server = Server(create_app(services), address.host, address.port)
    stopping = asyncio.create_task(_stop_with(server, stop))
    try:
        await server.serve()
    finally:  # also where it cannot listen: uvicorn ends with SystemExit then, and the thread below would wait on
        stop.set()
    await stopping


async def _stop_with(server: Server, stop: Event) -> None:
    await asyncio.to_thread(stop.wait)
    server.should_exit = True
