"""The lock of a data directory: one collector works on it at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
                f"another collector works on {path.parent}; stop it, or give this one a directory of its own (--data)"
            )
            raise AlreadyCollectingError(message) from error
        yield


def check_alone(path: Path) -> None:
    """Make sure that nobody holds the lock at `path`, before processes are started that would fail on it.

    Raises
    ------
    AlreadyCollectingError
        Somebody does.
    """
    with only_one(path):
        pass
