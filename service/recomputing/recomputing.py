"""Computing years of many stations anew, block by block; what is done is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
from rich.console import Console

from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.service.progress import progress_bar
from qingchuan.service.recomputing.computing import compute
from qingchuan.service.recomputing.folder import Folder, FolderError, Manifest
from qingchuan.service.recomputing.inputs import Inputs, read_inputs
from qingchuan.service.recomputing.plan import Block, Plan, blocks_of, make_plan
from qingchuan.service.recomputing.sheets import sheets


class Work(NamedTuple):
    """A block that is to be computed.

    Attributes
    ----------
    block : Block
    read : callable
        Reads what it is computed from.
    """

    block: Block
    read: Callable[[], Inputs]


class Computer(Protocol):
    """Computes blocks, here or elsewhere."""

    def __call__(self, work: Iterable[Work]) -> Iterator[tuple[Block, bytes]]:
        """Each block with its arrays, as they are done."""
        ...


class Recomputed(NamedTuple):
    """What came of it.

    Attributes
    ----------
    manifest : Manifest
    computed : int
        Blocks that were computed this time.
    blocks : int
        Of so many.
    """

    manifest: Manifest
    computed: int
    blocks: int


def here(work: Iterable[Work]) -> Iterator[tuple[Block, bytes]]:
    """Each block with its arrays, computed in this process."""
    for block, read in work:
        yield block, compute(read())


def recompute(
    services: Services, period: CalendarPeriod, thresholds: str, path: Path, computer: Computer, console: Console
) -> Recomputed:
    """Compute a period anew into the folder `path`, or go on with what was begun there.

    Parameters
    ----------
    services : Services
    period : CalendarPeriod
        Of days that are over.
    thresholds : str
        Text of the thresholds of the quality tests.
    path : Path
    computer : Computer
    console : rich.console.Console
        Has the progress bar.

    Raises
    ------
    FolderError
        The folder is that of something else, or another process works there.
    """
    folder = Folder(path)
    with folder.alone():
        plan = _plan(folder, make_plan(services, period, thresholds))
        blocks = list(blocks_of(plan))
        manifest = folder.manifest()
        if manifest is not None and not folder.damaged(manifest):
            folder.let_go()
            return Recomputed(manifest, 0, len(blocks))
        folder.begin(plan)
        computed = _compute_all(services, plan, blocks, folder, thresholds, computer, console)
        arrays = folder.assemble(plan)
        names = []
        for name, content in sheets(plan, arrays):
            folder.write(name, content)
            names.append(name)
        return Recomputed(folder.finish(plan, names), computed, len(blocks))


def _plan(folder: Folder, wanted: Plan) -> Plan:
    """The plan that was begun in the folder, with the data as they were then; or else the one that is wanted."""
    begun = folder.plan()
    if begun is None:
        if any(path.name[0] != "." for path in folder.path.iterdir()):
            raise FolderError(
                f"{folder.path} has other files; give --out with a folder that is empty, or not there yet"
            )
        return wanted
    differs = [
        name
        for name in ("layout", "program", "start", "end", "thresholds", "editions")
        if getattr(begun, name) != getattr(wanted, name)
    ]
    if differs:
        raise FolderError(
            f"{folder.path} was begun with {_said(begun, differs)}, and now it is {_said(wanted, differs)}; "
            "remove it, or give another folder with --out"
        )
    return begun


def _said(plan: Plan, names: list[str]) -> str:
    return ", ".join(f"{name} {msgspec.to_builtins(getattr(plan, name))}" for name in names)


def _compute_all(
    services: Services,
    plan: Plan,
    blocks: list[Block],
    folder: Folder,
    thresholds: str,
    computer: Computer,
    console: Console,
) -> int:
    """Compute the blocks that are not there; how many these were."""
    with progress_bar("重算 Recompute", len(blocks), console) as done:
        missing = [block for block in blocks if not folder.has(block)]
        held = len(blocks) - len(missing)
        done(held)
        work = (Work(block, lambda block=block: read_inputs(services, plan, block, thresholds)) for block in missing)  # type: ignore[misc]
        for count, (block, content) in enumerate(computer(work), 1):
            folder.put(block, content)
            done(held + count)
    return len(missing)
