"""What differs between the results in two folders."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from qingchuan.service.recomputing.folder import Folder, FolderError

_KEY: Final = 2
"""The first columns of a table say of which day or period, and of which city, a row is."""
_EXAMPLES: Final = 5

_Rows = dict[tuple[str, ...], dict[str, str]]


class FileDifference(NamedTuple):
    """How a file of a folder differs from that of another one.

    Attributes
    ----------
    name : str
    missing, added, changed : int
        Rows that only the other one has, that only this one has, and that say something else; of arrays the numbers
        that differ.
    examples : tuple of str
    """

    name: str
    missing: int
    added: int
    changed: int
    examples: tuple[str, ...]


def differences(path: Path, other: Path) -> list[FileDifference]:
    """How the results in `path` differ from those in `other`, file by file.

    Raises
    ------
    FolderError
        One of them is not complete.
    """
    here, there = (_files(folder) for folder in (path, other))
    return [
        _array(name, path, other) if name.endswith(".npy") else _table(name, path, other)
        for name in here
        if name in there and here[name] != there[name]
    ]


def _files(path: Path) -> Mapping[str, msgspec.Struct]:
    manifest = Folder(path).manifest()
    if manifest is None:
        raise FolderError(f"{path} has no complete results; a folder that `qingchuan recompute` has finished would do")
    return manifest.files


def _array(name: str, path: Path, other: Path) -> FileDifference:
    here, there = (np.load(folder / name, mmap_mode="r") for folder in (path, other))
    if here.shape != there.shape:
        return FileDifference(name, 0, 0, 0, (f"{there.shape} → {here.shape}",))
    return FileDifference(name, 0, 0, int(np.count_nonzero(here != there)), ())


def _table(name: str, path: Path, other: Path) -> FileDifference:
    here, there = (_rows(folder / name) for folder in (path, other))
    changed = {key: row for key, row in here.items() if key in there and there[key] != row}
    missing, added = there.keys() - here.keys(), here.keys() - there.keys()
    examples = [f"{' '.join(key)}: {', '.join(_cells(there[key], row))}" for key, row in changed.items()]
    return FileDifference(name, len(missing), len(added), len(changed), tuple(examples[:_EXAMPLES]))


def _rows(path: Path) -> _Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {tuple(row.values())[:_KEY]: row for row in csv.DictReader(file)}


def _cells(before: dict[str, str], row: dict[str, str]) -> Iterator[str]:
    """The cells that differ, by the key of their column."""
    for column, cell in row.items():
        if before.get(column) != cell:
            yield f"{column} {before.get(column) or '–'} → {cell or '–'}"
