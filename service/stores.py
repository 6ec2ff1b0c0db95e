"""Opening the observation store that the settings name."""

from __future__ import annotations

from typing import Protocol

from qingchuan.service.places import Places
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observations


class OpenObservations(Observations, Protocol):
    """An observation store that is closed in the end."""

    def close(self) -> None:
        """Let go of what is open."""
        ...


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
    from qingchuan.store.influx.server import InfluxPlace, InfluxServer  # noqa: PLC0415

    place = InfluxPlace(settings.url, settings.org, settings.bucket, settings.secret(), settings.ca_file)
    return InfluxObservations(InfluxServer(place), places.ledger, read_only=read_only)
