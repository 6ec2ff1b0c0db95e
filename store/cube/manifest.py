"""The manifest of the cube: how far it is, and what its files are. It is written after them, in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from qingchuan.store.cube.files import DamagedError, Kind
from qingchuan.store.cube.places import Group
from qingchuan.store.head import sync
from qingchuan.store.observations import Period

_NAME = "manifest"
_VERSION = 1
"""Of the layout; another one is made anew."""
_DIGEST = 16


class Manifest(msgspec.Struct):
    """What a cube says of itself.

    Attributes
    ----------
    sequence : int
        The message up to which all is in it.
    version : int
    columns : dict of str to list of str
        For each layer and period, such as ``"own/hour"``, the subjects in the order of their columns.
    files : dict of str to dict
        For each group of files, by its name, the kind of each of them.
    """

    sequence: int = 0
    version: int = _VERSION
    columns: dict[str, list[str]] = {}
    files: dict[str, dict[str, Kind]] = {}

    def columns_of(self, layer: str, period: Period) -> Sequence[str]:
        """The subjects of a layer and a period."""
        return self.columns.get(f"{layer}/{period}", [])

    def give_columns(self, layer: str, period: Period, subjects: Sequence[str]) -> bool:
        """Give those of `subjects` a column that have none yet; whether there were such."""
        known = self.columns.setdefault(f"{layer}/{period}", [])
        new = sorted(set(subjects) - set(known))
        known += new
        return bool(new)

    def items_of(self, layer: str, period: Period) -> set[str]:
        """The items that the files of a layer and a period hold."""
        return {item for name, files in self.files.items() if name.startswith(f"{layer}/{period}/") for item in files}

    def files_of(self, group: Group) -> dict[str, Kind]:
        """The files of a group, which may be added to."""
        return self.files.setdefault(group.name, {})

    def all_files(self) -> Iterator[tuple[Group, str, Kind]]:
        """Group, name and kind of each file."""
        for name, files in self.files.items():
            for file, kind in files.items():
                yield Group.parse(name), file, kind


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Put `manifest` into the folder of a cube; it is on disk when this returns, or the one before still is."""
    content, draft = msgspec.json.encode(manifest), folder / f"{_NAME}.new"
    draft.write_bytes(_digest(content) + b"\n" + content)
    sync(draft)
    draft.replace(folder / _NAME)
    sync(folder)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in the folder of a cube; None where there is none.

    Raises
    ------
    DamagedError
        It is not what was written, or another version wrote it.
    """
    path = folder / _NAME
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    if digest != _digest(content):
        raise DamagedError(f"{path} is not what was written")
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise DamagedError(f"{path} cannot be read: {error}") from error
    if manifest.version != _VERSION:
        raise DamagedError(f"{path} has version {manifest.version}; this program has version {_VERSION}")
    return manifest


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).hexdigest().encode()
