"""Opening an SQLite file of ours: durable, readable by several processes, and refused when a newer version wrote it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock, local


class IncompatibleError(Exception):
    """A file was written by a newer version of this program."""


def connect(path: Path, what: str, schema: str, version: int, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to `path` in WAL mode, in which a commit is on disk when it returns.

    Parameters
    ----------
    path : Path
    what : str
        What the file holds, for messages.
    schema : str
        Statements that make what is missing.
    version : int
        Version of `schema`, kept in ``user_version``.
    read_only : bool
        Refuse writes through this connection.

    Raises
    ------
    IncompatibleError
        The file has a later version.
    """
    database = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found > version:
        database.close()
        message = f"{what} {path} has version {found}; this program reads versions up to {version}: use a newer one"
        raise IncompatibleError(message)
    if found < version:
        database.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {version}; COMMIT;")
    if read_only:
        database.execute("PRAGMA query_only = ON")
    return database


class PerThread:
    """A connection for each thread that asks: reads that overlap on one would hold each other's snapshot.

    Parameters
    ----------
    connect : callable
        Makes a connection.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._mine = local()
        self._all: list[sqlite3.Connection] = []
        self._lock = Lock()

    def get(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self._mine.connection = self._connect()
            with self._lock:
                self._all.append(found)
        return found

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
