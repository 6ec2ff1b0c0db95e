"""The gateway of HJ 212 in the collector process: a thread of its own, with its own journal object."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from threading import Event, Thread

import structlog

from qingchuan.collector.devices import Device
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.gateway.gaps import missing
from qingchuan.collector.gateway.loggers import Logger
from qingchuan.collector.gateway.repeats import Repeats
from qingchuan.collector.gateway.server import Gateway, Limits
from qingchuan.collector.hj212.sm4 import decrypt
from qingchuan.service.clock import clock_from
from qingchuan.service.places import Places
from qingchuan.service.setting_types import Address
from qingchuan.service.settings import Settings
from qingchuan.service.stores import open_observations
from qingchuan.store.influx.errors import ServerError
from qingchuan.store.journal import Journal
from qingchuan.store.observations import Observations
from qingchuan.store.state import State

NAME = "gateway"
"""The source of its messages in the journal."""

_REMEMBERED = 20_000
"""Frames that are known again after a start."""
_DAY = 86_400
_SECOND = 1_000_000
_MEGABYTE = 1_000_000
_AGAIN = 5.0
"""How long to wait where the address could not be listened at, or the gateway failed. [s]"""


def start_gateway(settings: Settings, places: Places, stop: Event) -> Thread | None:
    """Start the gateway, if the settings have it listen; the thread ends soon after `stop` is set."""
    if settings.gateway.listen is None:
        return None
    thread = Thread(target=_run, args=(settings, places, stop), name=NAME, daemon=True)
    thread.start()
    return thread


def _run(settings: Settings, places: Places, stop: Event) -> None:
    """Keep it running: whatever ends it, what MQTT brings goes on meanwhile."""
    log = structlog.get_logger(NAME)
    while not stop.is_set():
        try:
            _serve(settings, places, stop)
        except OSError as error:
            log.warning("cannot listen", address=settings.gateway.listen, error=str(error), again_in_seconds=_AGAIN)
        except Exception:  # a thread that ends so would be missed by nobody but the loggers
            log.exception("gateway failed", again_in_seconds=_AGAIN)
        stop.wait(_AGAIN)


def _serve(settings: Settings, places: Places, stop: Event) -> None:
    """Listen until `stop` is set; as long as that lasts its lock is held, so that others see it."""
    address, now = Address.parse(settings.gateway.listen or ""), clock_from(settings).now
    with (
        closing(Journal(places.journal, now, least_free=settings.collector.least_free * _MEGABYTE)) as journal,
        closing(open_observations(settings.store, places, read_only=True)) as observations,
        closing(State(places.state)) as state,
        places.gateway_lock.open("w") as lock,
    ):
        gaps, limits = _gaps(settings, observations, state, now), Limits(settings.gateway.connections)
        gateway = Gateway(loggers_of(settings), journal, _repeats(journal), NAME, now, gaps, limits)
        held = partial(fcntl.flock, lock, fcntl.LOCK_SH)
        asyncio.run(gateway.serve(address.host, address.port, stop, held))


def loggers_of(settings: Settings) -> dict[str, Logger]:
    """The loggers that may speak, by their MN.

    Raises
    ------
    NoSm4Error
        One of them has a key, and what opens its data is not installed.
    """
    told = settings.collector.devices
    devices = [Device(**one.model_dump(exclude={"password"})) for one in told]
    for key in filter(None, (device.secret() for device in devices)):
        decrypt(b"", key)
    return {device.id: Logger(device, one.password) for device, one in zip(devices, told, strict=True)}


def _repeats(journal: Journal) -> Repeats:
    tail = journal.tail(NAME, journal.head().sequence + 1, _REMEMBERED)
    return Repeats(message.payload for _, message in tail)


def _gaps(
    settings: Settings, observations: Observations, state: State, now: Callable[[], int]
) -> Callable[[Device], Sequence[Stretch]]:
    span = settings.gateway.ask_days * _DAY

    def gaps(device: Device) -> Sequence[Stretch]:
        subject = state.subjects().get(device.subject)
        if subject is None or span == 0:
            return ()
        try:
            return missing(observations, device.subject, subject, span, now() // _SECOND)
        except ServerError as error:  # a logger is heard whether the store is there or not
            structlog.get_logger(NAME).warning("store unavailable", error=str(error), then="nothing is asked for")
            return ()

    return gaps
