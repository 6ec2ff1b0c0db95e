"""Putting databases that were made anew in the place of the old ones, so that a crash in between does no harm."""

from __future__ import annotations

import shutil
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.store.head import sync

_BESIDE = ("-wal", "-shm", "")
"""How the names end of what SQLite keeps beside a database, and of the database itself, which goes last."""


def begin_swap(places: Places) -> None:
    """From here on what stands in ``rebuilding`` is whole, and will be put in its place."""
    for folder in (places.rebuilding, *(path for path in places.rebuilding.rglob("*") if path.is_dir())):
        sync(folder)
    places.rebuilt.touch()
    sync(places.rebuilding)


def finish_swap(places: Places) -> None:
    """Put what stands there in its place; begun again, it goes on. The old ones are removed in the end."""
    old = places.rebuilding / "old"
    old.mkdir(exist_ok=True)
    for new in sorted(places.rebuilding.iterdir()):
        if new not in {old, places.rebuilt}:
            for suffix in _BESIDE:
                _move_away(places.data / f"{new.name}{suffix}", old)
            new.rename(places.data / new.name)
    for folder in (old, places.data):
        sync(folder)
    shutil.rmtree(places.copying, ignore_errors=True)  # it was begun from a store that is no more
    remove_draft(places)


def remove_draft(places: Places) -> None:
    """Remove what was made, or what is left of the old."""
    if places.rebuilding.exists():
        gone = places.data / "rebuilding.removed"
        shutil.rmtree(gone, ignore_errors=True)
        places.rebuilding.rename(gone)  # at once: what is removed piece by piece must not look like something whole
        shutil.rmtree(gone)


def _move_away(path: Path, folder: Path) -> None:
    if path.exists():
        path.rename(folder / path.name)
