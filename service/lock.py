"""Locks of a data directory: one collector works on it at a time, others may stand by for it; one does the schedule."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO

_LOCKS = Path("/proc/locks")
_STEP = 0.25
"""How often one that stands by tries. The system releases the lock of a process that ends, however it ends. [s]"""


class AlreadyCollectingError(Exception):
    """Another collector works on the same data directory."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock at `path`.

    Raises
    ------
    AlreadyCollectingError
        Another process holds it.
    """
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = (
                f"another collector works on {path.parent}; stop it, let this one stand by (collect --standby), "
                "or give this one a directory of its own (--data)"
            )
            raise AlreadyCollectingError(message) from error
        yield


@contextmanager
def next_one(path: Path, standby: Path, stop: Event) -> Iterator[bool]:
    """Wait for the lock at `path` and hold it; False when `stop` was set before.

    As long as it waits it shares the lock at `standby`, so that others see that somebody stands by.
    """
    with path.open("w") as file:
        with standby.open("w") as waiting:
            fcntl.flock(waiting, fcntl.LOCK_SH)
            held = _wait_for(file.fileno(), stop)
        yield held


def _wait_for(descriptor: int, stop: Event) -> bool:
    while not stop.is_set():
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop.wait(_STEP)
        else:
            return True
    return False


class Hold:
    """The lock at `path`, taken once it is free and held until it is given back or the process ends.

    Parameters
    ----------
    path : Path
        Made when it is first taken.
    shared : bool
        Whether others may share it; nobody then holds it alone.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._path = path
        self._kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Whether it is ours, now or already."""
        if self._file is not None:
            return True
        file = self._path.open("w")
        try:
            fcntl.flock(file, self._kind | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give it back, if it is ours."""
        if self._file is not None:
            self._file.close()
            self._file = None


def check_alone(path: Path) -> None:
    """Make sure that nobody holds the lock at `path`, before processes are started that would fail on it.

    Raises
    ------
    AlreadyCollectingError
        Somebody does.
    """
    with only_one(path):
        pass


def holders(path: Path) -> list[int]:
    """The processes that hold or share the lock at `path`; none where the system does not tell.

    It is only looked at: to try the lock would make a collector fail that starts at that moment.
    """
    if not path.exists() or not _LOCKS.exists():
        return []
    inode = path.stat().st_ino
    held = re.findall(r": FLOCK +ADVISORY +\w+ +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) ", _LOCKS.read_text(encoding="utf-8"))
    return [int(pid) for pid, of in held if int(of) == inode]
