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
    def ledger(self) -> Path:
        """What lies beside the observations where InfluxDB has them."""
        return self.data / "ledger.sqlite"

    @property
    def state(self) -> Path:
        """The state database."""
        return self.data / "state.sqlite"

    @property
    def cube(self) -> Path:
        """Folder of the copy of hours and days that long periods are read from."""
        return self.data / "cube"

    @property
    def cube_lock(self) -> Path:
        """Held by the one process that keeps it."""
        return self.data / "cube.lock"

    @property
    def last_backup(self) -> Path:
        """When a backup of these data was made last, and where; absent if none ever was."""
        return self.data / "last-backup.json"

    @property
    def demo(self) -> Path:
        """What a demo remembers; only where one has been."""
        return self.data / "demo.json"

    @property
    def lock(self) -> Path:
        """Held by the one collector that applies."""
        return self.data / "collector.lock"

    @property
    def gateway_lock(self) -> Path:
        """Held as long as the gateway listens to loggers."""
        return self.data / "gateway.lock"

    @property
    def import_lock(self) -> Path:
        """Held by the one import that is under way."""
        return self.data / "import.lock"

    @property
    def schedule_lock(self) -> Path:
        """Held by the one process that does the schedule."""
        return self.data / "schedule.lock"

    @property
    def pages_lock(self) -> Path:
        """Shared by those who serve pages of the data, held by the one who makes the data anew."""
        return self.data / "pages.lock"

    @property
    def upgrade_lock(self) -> Path:
        """Held by the process that brings the databases to this version."""
        return self.data / "upgrade.lock"

    @property
    def standby(self) -> Path:
        """Shared by the collectors that stand by for that one."""
        return self.data / "standby.lock"

    @property
    def restoring(self) -> Path:
        """What is being restored; only there until all of it is."""
        return self.data / "restoring"

    @property
    def copying(self) -> Path:
        """A copy of the store in one of another kind; only there until it is whole."""
        return self.data / "copying"

    @property
    def rebuilding(self) -> Path:
        """What is being made anew from the journal; only there until it is in its place."""
        return self.data / "rebuilding"

    @property
    def rebuilt(self) -> Path:
        """There as soon as all of that is whole: from then on it only has to be put in its place."""
        return self.rebuilding / "whole"


class DataFolderError(Exception):
    """A data directory cannot be used."""


def make_folder(data: Path) -> None:
    """Make the data directory `data`, if it is not there.

    Raises
    ------
    DataFolderError
        It cannot be made, a backup is being restored into it, or what was rebuilt is half in its place.
    """
    if Places(data).rebuilt.exists():
        raise DataFolderError(f"a rebuild of {data} was interrupted when it was nearly done: qingchuan rebuild ends it")
    if Places(data).restoring.exists():
        raise DataFolderError(f"a backup is being restored into {data}, or was not to its end: restore it again")
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"data = {data}: {error.strerror}; a folder that this user may write would do (--data, QINGCHUAN_DATA)"
        )
        raise DataFolderError(message) from error


def existing(data: Path) -> Places:
    """The files of the data directory `data`, which the service has used.

    Raises
    ------
    DataFolderError
        It has not.
    """
    places = Places(data)
    if not places.state.exists() and not places.restoring.exists():
        raise DataFolderError(f"{data} holds no data of Qingchuan; give its folder with --data or QINGCHUAN_DATA")
    return places


def check_not_of_a_demo(data: Path) -> None:
    """Make sure that real readings do not come among simulated ones.

    Raises
    ------
    DataFolderError
        A demo has used the directory `data`.
    """
    if Places(data).demo.exists():
        raise DataFolderError(
            f"{data} holds the simulated data of a demo; give the service a folder of its own with --data or "
            "QINGCHUAN_DATA, or remove this one"
        )
