"""Keeping the cube: it follows the store, and is made anew where it is not what it should be. One process does it.

A cell is one subject in one period. Whatever a crash leaves of a step, each cell that is not as the store has it was
changed by a message later than that of the manifest, and is read again.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import structlog

from qingchuan.store.cube.cells import Patch, patches_of
from qingchuan.store.cube.checking import is_whole
from qingchuan.store.cube.cube import PAGES
from qingchuan.store.cube.cuts import cuts_of
from qingchuan.store.cube.encoding import items as held_items
from qingchuan.store.cube.files import DamagedError, path_of, view
from qingchuan.store.cube.manifest import Manifest, read_manifest, write_manifest
from qingchuan.store.cube.places import LAYERS
from qingchuan.store.cube.writer import Writer
from qingchuan.store.grids import Told
from qingchuan.store.observations import Changed, Period

STEP = 5_000
"""About so many changes are taken in at once, in a fraction of a second: who stops waits for it."""
_CHECKED = 256_000_000
"""So much of the newest files is checked at a start, in a fraction of a second. [B]"""

_log = structlog.get_logger("cube")


class Followed(Protocol):
    """A store that a cube can follow."""

    def sequence(self) -> int:
        """The message up to which everything has been applied."""
        ...

    def changed(self, after: int, limit: int) -> list[Changed]:
        """What messages later than `after` wrote and is current, in order; about `limit`, but whole messages."""
        ...

    def told(self, subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int) -> Told:
        """What is told now of ``[start, end)``, by all origins."""
        ...


class Keeper:
    """The one who writes a cube.

    Parameters
    ----------
    folder : Path
        Of the cube; made if it is not there.
    store : Followed
    """

    def __init__(self, folder: Path, store: Followed) -> None:
        folder.mkdir(exist_ok=True)
        (folder / PAGES).touch()
        self._folder = folder
        self._store = store
        self._manifest: Manifest | None = None
        self._checked = False

    def step(self) -> int:
        """Take in the next changes; how many they were, 0 when none were left."""
        manifest, self._manifest = self._manifest or self._begin(), None
        now = self._store.sequence()
        if now < manifest.sequence:
            manifest = self._anew(f"it is at message {manifest.sequence}, the store at {now}")
        changes = self._store.changed(manifest.sequence, STEP) if now > manifest.sequence else []
        if now > manifest.sequence:
            self._take(manifest, changes, changes[-1].sequence if len(changes) >= STEP else now)
        elif not self._checked:
            manifest = self._check(manifest)
        self._manifest = manifest  # what a step that broke off left of it is not gone on with
        return len(changes)

    @property
    def sequence(self) -> int:
        """The message up to which everything is in it, as far as is known."""
        return self._manifest.sequence if self._manifest else 0

    def _begin(self) -> Manifest:
        """The manifest as it is, if all files are there that it tells of; others are removed."""
        try:
            manifest = read_manifest(self._folder) or Manifest()
            known = {path_of(self._folder, *file): file for file in manifest.all_files()}
            for path, (group, _, kind) in known.items():
                view(path, group, kind)
        except DamagedError as error:
            return self._anew(str(error))
        with self._alone():
            for path in self._folder.glob("*/*/*/*/*.*"):
                if path not in known:
                    path.unlink()
        return manifest

    def _take(self, manifest: Manifest, changes: Sequence[Changed], up_to: int) -> None:
        with Writer(self._folder, manifest) as writer:
            for patch in patches_of(changes):
                self._put(patch, manifest, writer)
        manifest.sequence = up_to
        write_manifest(manifest, self._folder)
        with self._alone():
            for path in writer.left:
                path.unlink()

    def _put(self, patch: Patch, manifest: Manifest, writer: Writer) -> None:
        told = self._store.told(patch.subjects, held_items(), patch.period, patch.start, patch.end)
        cuts = cuts_of(told, held_items(), patch, manifest)
        given = [manifest.give_columns(cut.layer, cut.period, cut.subjects) for cut in cuts]
        if any(given):  # they are told before anything stands in them: a crash must not mix them up
            write_manifest(manifest, self._folder)
        with self._alone():
            for cut in cuts:
                writer.put(cut)

    def _check(self, manifest: Manifest) -> Manifest:
        """Look whether the newest files are what was written."""
        left = _CHECKED
        for file in sorted(manifest.all_files(), key=lambda file: -file[0].month):
            left -= path_of(self._folder, *file).stat().st_size
            if left < 0:
                break
            if not is_whole(self._folder, *file):
                return self._anew(f"{path_of(self._folder, *file)} is not what was written")
        self._checked = True
        return manifest

    def _anew(self, reason: str) -> Manifest:
        """An empty manifest, after all files were removed."""
        _log.warning("cube made anew", reason=reason)
        with self._alone():
            manifest = Manifest()
            write_manifest(manifest, self._folder)
            for layer in LAYERS:
                shutil.rmtree(self._folder / layer, ignore_errors=True)
        return manifest

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody reads the files meanwhile."""
        with (self._folder / PAGES).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
