"""Where things lie in the data directory."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Places(NamedTuple):
    """The files of one data directory.

    Attributes
    ----------
    data : Path
        The directory.

    Examples
    --------
    >>> Places(Path("qingchuan-data")).state.name
    'state.sqlite'
    """

    data: Path

    @property
    def journal(self) -> Path:
        """Folder of the journal and its head file."""
        return self.data / "journal"

    @property
    def observations(self) -> Path:
        """The embedded observation store."""
        return self.data / "observations.sqlite"

    @property
    def state(self) -> Path:
        """The state database."""
        return self.data / "state.sqlite"

    @property
    def lock(self) -> Path:
        """Held by the one collector that applies."""
        return self.data / "collector.lock"
