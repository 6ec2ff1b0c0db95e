"""The stores of a data directory as they are read: by the web, and by the commands that print its figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import typer

import qingchuan
from qingchuan.alerts.rules import load_rules
from qingchuan.api.problems import ProblemError
from qingchuan.api.services import Services
from qingchuan.processing.periods import natural_day
from qingchuan.service.appending import append
from qingchuan.service.clock import SECOND, clock_from
from qingchuan.service.context import context_of
from qingchuan.service.counting import Counting
from qingchuan.service.cubing import cube_sequence
from qingchuan.service.file_imports import FileImports
from qingchuan.service.lock import holders
from qingchuan.service.period_options import OptionError
from qingchuan.service.places import DataFolderError, Places, existing
from qingchuan.service.prepare import prepare
from qingchuan.service.settings import Settings
from qingchuan.service.store_settings import StoreSettings
from qingchuan.service.stores import open_observations
from qingchuan.store.cube.cube import Cube
from qingchuan.store.cube.observations import Closable, CubedObservations
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.sqlite import IncompatibleError
from qingchuan.store.state import State

_EMBEDDED = StoreSettings()


class Stores(NamedTuple):
    """The stores of one data directory, opened for reading.

    Attributes
    ----------
    data : Path
        The directory.
    observations : Closable
        With the cube before them.
    state : State
    journal : JournalReader
    """

    data: Path
    observations: Closable
    state: State
    journal: JournalReader

    def close(self) -> None:
        """Close them."""
        self.observations.close()
        self.state.close()
        self.journal.close()


def open_stores(places: Places, store: StoreSettings = _EMBEDDED) -> Stores:
    """The stores at `places`, which `prepare` has made.

    Raises
    ------
    IncompatibleError
        A newer version wrote one of them.
    """
    observations = CubedObservations(open_observations(store, places, read_only=True), Cube(places.cube))
    return Stores(places.data, observations, State(places.state), JournalReader(places.journal))


def counting_of(stores: Stores) -> Counting:
    """What counts their messages."""
    followers = {"cube": lambda: cube_sequence(Places(stores.data))}
    return Counting(stores.journal, stores.observations, stores.state, followers)


def services_of(stores: Stores, settings: Settings) -> Services:
    """What queries are asked on."""
    observations, journal = stores.observations, stores.journal

    def received(sequence: int) -> int | None:
        return next((row.received for row in journal.rows(sequence - 1, limit=1)), None)

    return Services(
        observations=observations,
        state=stores.state,
        rules=load_rules(),
        counting=counting_of(stores),
        now=clock_from(settings).now,
        received=received,
        open_journal=lambda: JournalReader(Places(stores.data).journal),
        append=lambda messages: append(Places(stores.data), settings, messages),
        version=qingchuan.__version__,
        clock_speed=settings.clock.speed,
        hosts=frozenset(settings.api.hosts) | {settings.api.address.host},
        insecure=settings.api.insecure,
        max_body=settings.api.max_body,
        prefix=settings.broker.prefix,
        collectors=lambda: roles(Places(stores.data)),
        places={"data": str(stores.data)},
        import_file=FileImports(settings),
    )


def roles(places: Places) -> dict[str, int]:
    """How many collectors work on the data, how many stand by, and how many listen to loggers."""
    files = {"working": places.lock, "standby": places.standby, "gateway": places.gateway_lock}
    return {role: len(holders(path)) for role, path in files.items()}


def today_of(services: Services) -> date:
    """The natural day in progress."""
    return natural_day(services.now() // SECOND)


@contextmanager
def reading(ctx: typer.Context) -> Iterator[Services]:
    """Services on the data of the command that runs in `ctx`; it ends where there is no data, or no answer.

    Nothing is written but what brings the databases to this version. It may run while the service runs.

    Raises
    ------
    typer.Exit
        Standard error has a sentence that says why.
    """
    settings = context_of(ctx).settings
    try:
        stores = open_stores(prepare(existing(settings.data).data, settings.store), settings.store)
    except (DataFolderError, IncompatibleError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    try:
        yield services_of(stores, settings)
    except OptionError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    except ProblemError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(1) from error
    finally:
        stores.close()
