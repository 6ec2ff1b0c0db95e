"""The files of the cube: rows of periods, columns of subjects, with a sum of each row that shows damage.

A file of values has the values, then the flag and the origin of each, then the sums; one of sequence numbers has these
and their sums. Nothing else is in them: what they are is told by the manifest.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.scaled import MISSING
from qingchuan.store.cube.encoding import DTYPES, Width
from qingchuan.store.cube.places import COLUMNS, Group
from qingchuan.store.head import sync
from qingchuan.store.observations import MISSING_FLAG

Kind = Width | Literal["sequence"]

SEQUENCE: Literal["sequence"] = "sequence"
"""Kind of the file of sequence numbers, and its name."""

_FLAG, _ORIGIN = (np.dtype(np.uint8), MISSING_FLAG), (np.dtype(np.uint8), 0)
_PARTS: dict[Kind, tuple[tuple[np.dtype[Any], float], ...]] = {
    "narrow": ((DTYPES["narrow"], MISSING), _FLAG, _ORIGIN),
    "wide": ((DTYPES["wide"], np.nan), _FLAG, _ORIGIN),
    "sequence": ((np.dtype("<i8"), 0),),
}
"""For each kind its parts, and what stands where there is nothing."""

_SUM = np.dtype("<u8")
_ROW_SIZES = {
    kind: COLUMNS * sum(dtype.itemsize for dtype, _ in parts) + _SUM.itemsize for kind, parts in _PARTS.items()
}
_ODD = 0x9E37_79B9_7F4A_7C15
"""Products with different odd numbers differ wherever a bit does."""


class DamagedError(Exception):
    """The cube is not what it was left as; it has to be made anew."""


class Cells(NamedTuple):
    """Cells of a file: some columns in consecutive rows.

    Attributes
    ----------
    rows : slice
    columns : ndarray of int
    """

    rows: slice
    columns: NDArray[np.intp]


class Mapped(NamedTuple):
    """An open file.

    Attributes
    ----------
    parts : tuple of ndarray, each of shape (rows, COLUMNS)
        Values, flags and origins, or sequence numbers.
    sums : ndarray of uint64, shape (rows,)
    """

    parts: tuple[NDArray[Any], ...]
    sums: NDArray[np.uint64]

    def put(self, cells: Cells, *told: NDArray[Any]) -> None:
        """Write what is told of `cells`, part by part, and the sums of their rows."""
        for part, values in zip(self.parts, told, strict=True):
            part[cells.rows, cells.columns] = values
        self.sums[cells.rows] = self.sums_now(cells.rows)

    def sums_now(self, rows: slice) -> NDArray[np.uint64]:
        """The sums that `rows` should have."""
        words = np.concatenate([part[rows].view(_SUM) for part in self.parts], axis=1)
        weights = (2 * np.arange(words.shape[1], dtype=np.uint64) + np.uint64(1)) * np.uint64(_ODD)
        numbers = np.arange(*rows.indices(len(self.sums)), dtype=np.uint64) + np.uint64(1)
        found: NDArray[np.uint64] = (words * weights).sum(axis=1, dtype=np.uint64) + numbers * np.uint64(_ODD)
        return found

    def is_whole(self) -> bool:
        """Whether all rows have the sums that they should have."""
        return bool((self.sums == self.sums_now(slice(None))).all())


def path_of(folder: Path, group: Group, name: str, kind: Kind) -> Path:
    """The file `name`, an item or `SEQUENCE`, of a group in the folder of a cube."""
    return folder / group.name / f"{name}.{kind}"


def size_of(group: Group, kind: Kind) -> int:
    """Of a file [B]."""
    return group.rows * _ROW_SIZES[kind]


def make(path: Path, group: Group, kind: Kind) -> None:
    """Write a file that has nothing but missing values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = tuple(np.full((group.rows, COLUMNS), nothing, dtype) for dtype, nothing in _PARTS[kind])
    sums = Mapped(parts, np.zeros(group.rows, np.uint64)).sums_now(slice(None))
    path.write_bytes(b"".join([*(part.tobytes() for part in parts), sums.astype(_SUM).tobytes()]))
    for above in list(path.parents)[: group.name.count("/") + 2]:
        sync(above)


def view(path: Path, group: Group, kind: Kind) -> Mapped:
    """The file at `path`, open for reading.

    Raises
    ------
    DamagedError
        It is gone, or not as long as it should be.
    """
    return _parts_of(_map(path, group, kind, mmap.ACCESS_READ), group, kind)


@contextmanager
def writable(path: Path, group: Group, kind: Kind) -> Iterator[Mapped]:
    """The file at `path`, open for writing; what was written is on disk when this ends.

    Raises
    ------
    DamagedError
        It is gone, or not as long as it should be.
    """
    content = _map(path, group, kind, mmap.ACCESS_WRITE)
    yield _parts_of(content, group, kind)
    content.flush()


def _map(path: Path, group: Group, kind: Kind, access: int) -> mmap.mmap:
    try:
        with path.open("r+b" if access == mmap.ACCESS_WRITE else "rb", buffering=0) as file:
            content = mmap.mmap(file.fileno(), 0, access=access)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise DamagedError(f"{path} cannot be read: {error}") from error
    if len(content) != size_of(group, kind):
        raise DamagedError(f"{path} has {len(content)} bytes; it should have {size_of(group, kind)}")
    return content


def _parts_of(content: mmap.mmap, group: Group, kind: Kind) -> Mapped:
    rows, parts, at = group.rows, [], 0
    for dtype, _ in _PARTS[kind]:
        parts.append(np.ndarray((rows, COLUMNS), dtype, content, at))
        at += parts[-1].nbytes
    return Mapped(tuple(parts), np.ndarray((rows,), _SUM, content, at))
