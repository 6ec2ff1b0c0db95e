"""Progress bars: on a terminal they move; elsewhere a line says what was done, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


@contextmanager
def progress_bar(what: str, total: int, console: Console, *, stays: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar of `total` steps; what it yields is called with the number done. It may leave nothing behind.

    Examples
    --------
    >>> import io
    >>> with progress_bar("count", 2, Console(file=io.StringIO())) as done:
    ...     done(2)
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    silent = not (stays or console.is_terminal)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=not stays, disable=silent) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def copying(what: str, total: int, console: Console) -> Iterator[Callable[[int], None]]:
    """A bar of `total` bytes that leaves nothing behind; what it yields is called with how many are done since.

    Examples
    --------
    >>> import io
    >>> with copying("copy", 2, Console(file=io.StringIO())) as told:
    ...     told(2)
    """
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    silent = not console.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=silent) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


@contextmanager
def waiting(what: str, console: Console) -> Iterator[None]:
    """A bar that moves on a terminal while work of unknown length goes on, and leaves nothing behind.

    Examples
    --------
    >>> import io
    >>> with waiting("read", Console(file=io.StringIO())):
    ...     pass
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task(what, total=None)
        yield


@contextmanager
def parts(what: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    """A bar that leaves nothing behind; what it yields is called with how many of how many parts are done.

    Examples
    --------
    >>> import io
    >>> with parts("compute", Console(file=io.StringIO())) as told:
    ...     told(1, 2)
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
