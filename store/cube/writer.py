"""Writing to the files of the cube: cells, in files that are made, and made wider, as it is needed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qingchuan.store.cube import files, places
from qingchuan.store.cube.cuts import Cut
from qingchuan.store.cube.encoding import UnfitError, first_width, narrowed, widened
from qingchuan.store.cube.files import SEQUENCE, Cells, Kind, Mapped
from qingchuan.store.cube.manifest import Manifest
from qingchuan.store.cube.places import COLUMNS, Group

_MOST_OPEN = 200
"""So many files are open at once, about."""


class Writer:
    """Writes cells; all of it is on disk when its context ends, and the manifest has to be written then.

    Parameters
    ----------
    folder : Path
        Of the cube.
    manifest : Manifest
        Learns of new files.

    Attributes
    ----------
    left : list of Path
        Files that wider ones replaced, to be removed when the manifest is written.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self._open: dict[Path, Mapped] = {}
        self._stack = ExitStack()
        self.left: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def put(self, cut: Cut) -> None:
        """Write what `cut` tells; its subjects have columns."""
        if len(self._open) > _MOST_OPEN:
            self._close()
        known = {subject: column for column, subject in enumerate(self._manifest.columns_of(cut.layer, cut.period))}
        columns = np.array([known[subject] for subject in cut.subjects])
        for stretch in places.stretches(cut.period, cut.start, cut.end):
            for number in np.unique(columns // COLUMNS).tolist():
                chosen = np.flatnonzero(columns // COLUMNS == number)
                group = Group(cut.layer, cut.period, stretch.month, number)
                cells = Cells(stretch.rows, columns[chosen] % COLUMNS)
                self._put_group(group, cells, cut.part(stretch.places, chosen))

    def _put_group(self, group: Group, cells: Cells, cut: Cut) -> None:
        self._file(group, SEQUENCE, SEQUENCE).put(cells, cut.sequence)
        known = self._manifest.files_of(group)
        for item, *parts in zip(cut.items, cut.values, cut.flags, cut.origins, strict=True):
            if item in known or parts[-1].any():
                self._put_item(group, item, cells, *parts)

    def _put_item(
        self,
        group: Group,
        item: str,
        cells: Cells,
        values: NDArray[np.float64],
        flags: NDArray[np.uint8],
        origins: NDArray[np.uint8],
    ) -> None:
        numbers: NDArray[Any] = values
        kind = self._manifest.files_of(group).get(item, first_width(item))
        file = self._file(group, item, kind)
        if kind == "narrow":
            try:
                numbers = narrowed(values, item)
            except UnfitError:
                file = self._widened(group, item)
        file.put(cells, numbers, flags, origins)

    def _widened(self, group: Group, item: str) -> Mapped:
        """A wide file with what the narrow one has; that stays for those who read by the manifest before."""
        codes, *others = self._file(group, item, "narrow").parts
        self.left.append(files.path_of(self._folder, group, item, "narrow"))
        del self._manifest.files_of(group)[item]
        wide = self._file(group, item, "wide")
        wide.put(Cells(slice(None), np.arange(COLUMNS)), widened(codes, item), *others)
        return wide

    def _file(self, group: Group, name: str, kind: Kind) -> Mapped:
        """A file, open; it is made if the manifest does not know it."""
        path = files.path_of(self._folder, group, name, kind)
        if name not in self._manifest.files_of(group):
            files.make(path, group, kind)
            self._manifest.files_of(group)[name] = kind
        if path not in self._open:
            self._open[path] = self._stack.enter_context(files.writable(path, group, kind))
        return self._open[path]

    def _close(self) -> None:
        self._open.clear()
        self._stack.close()
