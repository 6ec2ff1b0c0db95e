"""What has to be there before the processes start: the data directory and a state database of this version."""

from __future__ import annotations

from pathlib import Path

from qingchuan.service.places import Places, make_folder
from qingchuan.service.store_settings import StoreSettings
from qingchuan.service.stores import open_observations
from qingchuan.service.upgrading import upgrade

_EMBEDDED = StoreSettings()


def prepare(data: Path, store: StoreSettings = _EMBEDDED) -> Places:
    """Make the data directory `data` and its databases, or bring them to this version.

    Raises
    ------
    DataFolderError
        The directory cannot be made, or has no room for what an upgrade copies first.
    IncompatibleError
        A newer version wrote them.
    """
    make_folder(data)
    places = Places(data)
    upgrade(places)
    open_observations(store, places).close()
    return places
