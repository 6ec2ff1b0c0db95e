"""What has to be there before the processes start: the data directory and a state database of this version."""

from __future__ import annotations

from pathlib import Path

from qingchuan.service.places import Places, make_folder
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.migrate import migrate


def prepare(data: Path) -> Places:
    """Make the data directory `data` and its databases, or bring them to this version.

    Raises
    ------
    DataFolderError
        The directory cannot be made.
    IncompatibleError
        A newer version wrote them.
    """
    make_folder(data)
    places = Places(data)
    migrate(places.state)
    EmbeddedObservations(places.observations).close()
    return places
