"""Checking all files of a cube against the sums that stand in them, while it may be written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from qingchuan.store.cube.cube import NotInCubeError, still
from qingchuan.store.cube.files import DamagedError, Kind, path_of, view
from qingchuan.store.cube.manifest import read_manifest
from qingchuan.store.cube.places import Group


def damage_of(folder: Path, done: Callable[[int], object] = lambda _: None) -> Iterator[str]:
    """What is wrong with the cube in `folder`, file by file; `done` is called with the number of files checked.

    Examples
    --------
    >>> list(damage_of(Path("nowhere")))
    []
    """
    try:
        manifest = read_manifest(folder)
    except DamagedError as error:
        yield str(error)
        return
    for number, file in enumerate(manifest.all_files() if manifest else (), 1):
        if trouble := _trouble(folder, file):
            yield trouble
        done(number)


def is_whole(folder: Path, group: Group, name: str, kind: Kind) -> bool:
    """Whether all rows of a file have the sums that they should have."""
    return view(path_of(folder, group, name, kind), group, kind).is_whole()


def _trouble(folder: Path, file: tuple[Group, str, Kind]) -> str:
    """What is wrong with a file; empty where nothing is, or it has been replaced meanwhile."""
    try:
        with still(folder) as manifest:
            if file in manifest.all_files() and not is_whole(folder, *file):
                return f"{path_of(folder, *file)} is not what was written"
    except (DamagedError, NotInCubeError) as error:
        return str(error)
    return ""
