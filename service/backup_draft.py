"""A backup while it is being made: files are put into it one by one, and its manifest says what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qingchuan.service.manifest import Backup, File, copy_file, digest_of
from qingchuan.service.snapshots import Snapshot
from qingchuan.store.head import sync


@dataclass
class Draft:
    """A backup that is being made.

    Attributes
    ----------
    folder : Path
    last : Backup or None
        The one before it.
    told : callable
        Called with the number of bytes that were copied since the last call.
    files : list of File
        What is in it, on disk.
    linked : int
        How many of them it shares with the one before it.
    """

    folder: Path
    last: Backup | None
    told: Callable[[int], object]
    files: list[File] = field(default_factory=list)
    linked: int = 0

    def add_snapshot(self, path: str, snapshot: Snapshot) -> None:
        """Put a database into it, at `path`."""
        copy = self.place(path)
        snapshot.copy(copy, self.told)
        self.add(path, digest_of(copy))

    def add_file(self, path: str, source: Path) -> None:
        """Put a file into it that never changes; it is linked where the one before has it."""
        known = shared(self.last, path, source.stat().st_size)
        if known is not None and self._link(known):
            self.linked += 1
            self.files.append(known)
        else:
            self.add(path, copy_file(source, self.place(path), self.told))

    def add(self, path: str, sha256: str) -> None:
        """Count in what is at `path` already."""
        self.files.append(File(path, (self.folder / path).stat().st_size, sha256))

    def place(self, path: str) -> Path:
        """Where the file at `path` goes; its folder is there."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def sync(self) -> None:
        """Put the names of all files on disk."""
        for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            sync(folder)

    def _link(self, file: File) -> bool:
        """Whether it could be linked: not every file system can."""
        if self.last is None:
            return False
        try:
            self.place(file.path).hardlink_to(self.last.folder / file.path)
        except OSError:
            return False
        return True


def shared(last: Backup | None, path: str, size: int) -> File | None:
    """The file at `path` of the backup `last`, if it is there and has `size`."""
    if last is None:
        return None
    there = last.folder / path
    found = next((file for file in last.manifest.files if file.path == path and file.size == size), None)
    return found if found is not None and there.exists() and there.stat().st_size == size else None
