"""Opening the observation store that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qingchuan.service.places import Places
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store.cube.keeper import Followed
from qingchuan.store.cube.observations import Closable
from qingchuan.store.embedded import EmbeddedObservations

if TYPE_CHECKING:
    from qingchuan.store.influx.server import InfluxServer


class OpenObservations(Closable, Followed, Protocol):
    """An observation store that a cube may follow, and that is closed in the end."""


def open_observations(settings: StoreSettings, places: Places, *, read_only: bool = False) -> OpenObservations:
    """The observation store of the settings; its server need not be there yet.

    Raises
    ------
    IncompatibleError
        A newer version wrote it.
    """
    if settings.kind == "embedded":
        return EmbeddedObservations(places.observations, read_only=read_only)
    # The client takes a third of a second to import, which nobody has to wait for who does not use it.
    from qingchuan.store.influx.observations import InfluxObservations  # noqa: PLC0415

    return InfluxObservations(server_of(settings), places.ledger, read_only=read_only)


def server_of(settings: StoreSettings) -> InfluxServer:
    """The InfluxDB server of the settings, whatever kind of store they name; it need not be there yet."""
    from qingchuan.store.influx.server import InfluxPlace, InfluxServer  # noqa: PLC0415 - as above

    return InfluxServer(InfluxPlace(settings.url, settings.org, settings.bucket, settings.secret(), settings.ca_file))
