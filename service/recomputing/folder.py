"""The folder of the results: the plan first, then block by block, at last the files that people and programs open."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.service.lock import Hold
from qingchuan.service.recomputing.plan import Block, Plan, blocks_of
from qingchuan.service.recomputing.tables import (
    DAY_ITEMS,
    HOUR_ITEMS,
    TABLES,
    Arrays,
    axes_of,
    make_file,
    place_of,
    shape_of,
    unpacked,
)
from qingchuan.store.head import sync

MANIFEST: Final = "manifest.json"
_PLAN: Final = "plan.json"
_BLOCKS: Final = "blocks"
_LOCK: Final = ".lock"
_PIECE: Final = 1 << 20


class FolderError(Exception):
    """The folder is not for these results."""


class ResultFile(msgspec.Struct, frozen=True):
    """A file of the results.

    Attributes
    ----------
    sha256 : str
        Hexadecimal digits.
    size : int
        [bytes]
    axes : tuple of str
        Of an array.
    """

    sha256: str
    size: int
    axes: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What the results say of themselves.

    Attributes
    ----------
    plan : Plan
    hour_items, day_items : tuple of str
        The axes of items.
    files : dict of str to ResultFile
    """

    plan: Plan
    hour_items: tuple[str, ...]
    day_items: tuple[str, ...]
    files: dict[str, ResultFile]


class Folder:
    """The folder of the results of one plan.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks = path / _BLOCKS

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process work in the folder; it is made if it is not there.

        Raises
        ------
        FolderError
            Another one does.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        hold = Hold(self.path / _LOCK)
        if not hold.take():
            raise FolderError(f"another recomputation works in {self.path}; wait for it, or give another --out")
        try:
            yield
        finally:
            hold.release()

    def plan(self) -> Plan | None:
        """The plan that was begun here; None where none was.

        Raises
        ------
        FolderError
            What is there is none, or is of another version.
        """
        path = self.path / _PLAN
        try:
            return msgspec.json.decode(path.read_bytes(), type=Plan)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise FolderError(f"{path} cannot be read ({error}); remove the folder, or give another --out") from error

    def begin(self, plan: Plan) -> None:
        """Keep the plan, before anything else."""
        _write(self.path / _PLAN, _pretty(plan))
        self._blocks.mkdir(exist_ok=True)

    def has(self, block: Block) -> bool:
        """Whether a block is there, whole."""
        return self._read(block) is not None

    def put(self, block: Block, content: bytes) -> None:
        """Keep a block; it is on disk when this returns, or is not there at all."""
        _write(self._blocks / block.name, _digest(content) + b"\n" + content)

    def manifest(self) -> Manifest | None:
        """What is there, if it is complete."""
        try:
            return msgspec.json.decode((self.path / MANIFEST).read_bytes(), type=Manifest)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def assemble(self, plan: Plan) -> Arrays:
        """Put all blocks together, each array in a file of its own.

        Raises
        ------
        FolderError
            A block is not there, or not what was written.
        """
        axes = axes_of(plan)
        whole = {table.name: make_file(self._draft(table.name), table.dtype, shape_of(table, axes)) for table in TABLES}
        for block in blocks_of(plan):
            self._put_in(block, plan, whole)
        for table in TABLES:
            array = whole[table.name]
            if isinstance(array, np.memmap):
                array.flush()
            self._draft(table.name).replace(self.path / f"{table.name}.npy")
        return whole

    def write(self, name: str, content: bytes) -> None:
        """A file of its own."""
        _write(self.path / name, content)

    def finish(self, plan: Plan, names: Sequence[str]) -> Manifest:
        """Tell of the files that are there, arrays and `names`, and let go of the blocks."""
        axes = {f"{table.name}.npy": table.axes for table in TABLES}
        files = {name: self._file(name, axes.get(name, ())) for name in (*axes, *names)}
        manifest = Manifest(plan, HOUR_ITEMS, DAY_ITEMS, files)
        _write(self.path / MANIFEST, _pretty(manifest))
        self.let_go()
        return manifest

    def let_go(self) -> None:
        """Remove the blocks, of which everything is in the files."""
        rmtree(self._blocks, ignore_errors=True)

    def damaged(self, manifest: Manifest) -> list[str]:
        """The files that are not what the manifest says."""
        return [
            name
            for name, told in manifest.files.items()
            if not (self.path / name).exists() or self._file(name, told.axes) != told
        ]

    def _put_in(self, block: Block, plan: Plan, whole: Arrays) -> None:
        content = self._read(block)
        if content is None:
            raise FolderError(f"{self._blocks / block.name} is not what was written; give the command again")
        places = place_of(block, plan)
        for table in TABLES:
            part: NDArray[Any] = unpacked(content, block)[table.name]
            whole[table.name][tuple(places[axis] for axis in table.axes)] = part

    def _read(self, block: Block) -> bytes | None:
        try:
            digest, _, content = (self._blocks / block.name).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return content if digest == _digest(content) else None

    def _draft(self, name: str) -> Path:
        return self._blocks / f"{name}.npy"

    def _file(self, name: str, axes: tuple[str, ...]) -> ResultFile:
        found, size = sha256(), 0
        with (self.path / name).open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
                size += len(piece)
        return ResultFile(found.hexdigest(), size, axes)


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()


def _pretty(told: msgspec.Struct) -> bytes:
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False, indent=1).encode() + b"\n"


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    sync(draft)
    draft.replace(path)
    sync(path.parent)
