"""Bringing a data directory that an older version wrote to this one, after a copy of its databases."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog

from qingchuan.service.places import DataFolderError, Places
from qingchuan.store.embedded_statements import VERSION
from qingchuan.store.head import sync
from qingchuan.store.migrate import is_older as state_is_older
from qingchuan.store.migrate import migrate, newest_revision
from qingchuan.store.upgrading import is_older, upgrade_observations


def upgrade(places: Places) -> None:
    """Make the state database, or bring it and the embedded store to this version.

    What an older version wrote is copied first, into ``before-upgrade-…`` in the data directory. An upgrade that was
    interrupted goes on from there: each database is either as it was or as it is to be.

    Raises
    ------
    IncompatibleError
        A newer version wrote one of them.
    DataFolderError
        There is no room for the copy.
    """
    with _alone(places):
        if is_older(places.observations) or state_is_older(places.state):
            log = structlog.get_logger("upgrade")
            kept = places.data / f"before-upgrade-to-{newest_revision()}-{VERSION}"
            log.info("upgrading", data=str(places.data), copies=str(kept))
            _keep(places, kept)
            upgrade_observations(places.observations)
            migrate(places.state)
            log.info("upgraded", data=str(places.data), then=f"{kept.name} may be removed when all is well")
        else:
            migrate(places.state)


def _keep(places: Places, kept: Path) -> None:
    """Copy the databases, unless an upgrade that was interrupted has."""
    if kept.exists():
        return
    found = [path for path in (places.state, places.observations) if path.exists()]
    size = sum(path.stat().st_size for path in found)
    if shutil.disk_usage(places.data).free < size:
        raise DataFolderError(
            f"{places.data} was written by an older version, and an upgrade copies its databases first: "
            f"free {size / 1e6:.0f} MB there"
        )
    draft = kept.with_name(f"{kept.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for path in found:
        _copy(path, draft / path.name)
    sync(draft)
    draft.rename(kept)
    sync(places.data)


def _copy(path: Path, copy: Path) -> None:
    """Copy a database with what lies in its write-ahead log."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    sync(copy)


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Wait until no other process upgrades the data directory, and let none begin."""
    with places.upgrade_lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
