"""The collector process: builds it, takes the lock of the data directory, and runs it until told to stop."""

from __future__ import annotations

import gc
from contextlib import closing
from threading import Event

import msgspec
import structlog

import qingchuan
from qingchuan.collector.applier import Applier
from qingchuan.collector.bulk import BulkClient
from qingchuan.collector.client import Collector, Options
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.devices import Format
from qingchuan.collector.receiving import PlainClient
from qingchuan.service.clock import clock_from
from qingchuan.service.gateway import loggers_of, start_gateway
from qingchuan.service.lock import next_one, only_one
from qingchuan.service.mqtt import client_of
from qingchuan.service.places import Places, make_folder
from qingchuan.service.prepare import prepare
from qingchuan.service.sealing import Sealing
from qingchuan.service.settings import Settings
from qingchuan.service.stores import open_observations
from qingchuan.service.subscriptions import subscriptions
from qingchuan.service.threshold_files import text_of
from qingchuan.store.journal import Journal, Known
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observations
from qingchuan.store.state import State

_CLIENTS: dict[str, type[PlainClient]] = {"bulk": BulkClient, "plain": PlainClient}


_MEGABYTE = 1_000_000
_CHECKED = 256 * _MEGABYTE
"""So much of the newest part of the journal is checked at a start, in about a second; `verify` checks all. [B]"""
_PATIENCE = 10.0
"""How long the gateway may take to end. [s]"""


class StateLostError(Exception):
    """The state does not belong to the observations."""


def collect(settings: Settings, stop: Event, *, accept_loss: bool = False) -> None:
    """Collect until `stop` is set.

    Raises
    ------
    DataFolderError
        The data directory cannot be made.
    AlreadyCollectingError
        Another collector works on it.
    StateLostError
        The state database is gone, the observations are not.
    JournalDamagedError
        The journal lost messages that were acknowledged, and `accept_loss` does not say to go on.
    """
    make_folder(settings.data)
    with only_one(Places(settings.data).lock):
        _collect(settings, stop, accept_loss=accept_loss)


def stand_by(settings: Settings, stop: Event, *, accept_loss: bool = False) -> None:
    """Wait until no other collector works on the data directory, then collect as `collect` does.

    It does nothing with the data before: it may be of another version than the one that works.
    """
    make_folder(settings.data)
    places, log = Places(settings.data), structlog.get_logger("standby")
    log.info("standing by", data=str(places.data), then="takes over when the collector there ends")
    with next_one(places.lock, places.standby, stop) as held:
        if held:
            log.info("taking over", data=str(places.data), client_id=settings.broker.client_id)
            _collect(settings, stop, accept_loss=accept_loss)


def _collect(settings: Settings, stop: Event, *, accept_loss: bool) -> None:
    places = prepare(settings.data, settings.store)
    with (
        closing(State(places.state)) as state,
        closing(open_observations(settings.store, places)) as observations,
        closing(_open_journal(settings, places, state, observations, accept_loss=accept_loss)) as journal,
    ):
        _tell_decoding(settings, journal)
        collector = _collector(settings, journal, state, observations)
        gc.freeze()  # what the start left stays for good; looking for garbage in it would cost a seventh of the rate
        gateway = start_gateway(settings, places, stop)
        collector.run(stop)
        if gateway is not None:
            gateway.join(_PATIENCE)


def _open_journal(
    settings: Settings, places: Places, state: State, observations: Observations, *, accept_loss: bool
) -> Journal:
    _check_together(state, observations, places)
    known = Known(max([observations.sequence(), *state.cursors().values()]), sum(observations.tally()))
    return Journal(
        places.journal,
        clock_from(settings).now,
        known,
        accept_loss=accept_loss,
        least_free=settings.collector.least_free * _MEGABYTE,
        checked=_CHECKED,
    )


def _collector(settings: Settings, journal: Journal, state: State, observations: Observations) -> Collector:
    broker = settings.broker
    kind = _CLIENTS[settings.collector.reading]
    client = client_of(kind, broker, broker.client_id, clean_session=False, manual_ack=True)
    options = Options(
        broker.host, broker.port, subscriptions(settings), broker.keepalive, batch=settings.collector.batch
    )
    sealing = Sealing(journal, clock_from(settings).now, settings.collector.recent_days)
    return Collector(
        client,
        broker.client_id,
        journal,
        lambda: Applier(journal, observations, state),
        state.retained(),
        options,
        sealing,
    )


def _tell_decoding(settings: Settings, journal: Journal) -> None:
    """What decoding depends on is a message too, so that the journal alone gives the store."""
    tolerance = settings.collector.future_tolerance * 60
    formats = tuple(Format(**told.model_dump()) for told in settings.collector.formats)
    devices = tuple(logger.device for logger in loggers_of(settings).values())
    thresholds = text_of(settings.collector.thresholds)
    steps = settings.audit.steps
    decoding = Decoding(qingchuan.__version__, settings.broker.prefix, tolerance, formats, devices, thresholds, steps)
    journal.append([Message("settings", settings.broker.client_id, "", msgspec.json.encode(decoding))])


def _check_together(state: State, observations: Observations, places: Places) -> None:
    """Without the announcements that it rests on, whatever is applied next would be refused."""
    applied = observations.sequence()
    if applied and state.decoding(applied) is None:
        message = (
            f"{places.state} knows nothing of what {places.observations} holds; put it back from a backup, or remove "
            "both files: they are made again from the journal"
        )
        raise StateLostError(message)
