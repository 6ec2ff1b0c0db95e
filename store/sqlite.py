"""Opening an SQLite file of ours: durable, readable by several processes, and refused when a newer version wrote it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Full, Queue
from time import monotonic, sleep
from typing import Protocol

_PAGE = 16_384
"""Size of a page in new files; many rows go in a quarter faster than with SQLite's usual 4096. [B]"""

_PATIENCE = 10.0
"""How long to wait for another process that holds a lock. [s]"""
_PAUSE = 0.01
"""[s]"""


class IncompatibleError(Exception):
    """A file was written by a newer version of this program, or by one that is too old."""


def connect(
    path: Path,
    what: str,
    schema: str,
    version: int,
    *,
    oldest: int = 1,
    read_only: bool = False,
) -> sqlite3.Connection:
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
    oldest : int
        The oldest version that can still be read.
    read_only : bool
        Refuse writes through this connection.

    Raises
    ------
    IncompatibleError
        The file has a later version, or one that is too old.
    """
    database = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE, check_same_thread=False)
    try:
        database.execute(f"PRAGMA page_size = {_PAGE}")
        write_ahead(database.cursor())
        found = database.execute("PRAGMA user_version").fetchone()[0]
        _check_version(f"{what} {path}", found, oldest, version)
        if found < version:
            database.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {version}; COMMIT;")
        if read_only:
            database.execute("PRAGMA query_only = ON")
    except BaseException:
        database.close()
        raise
    return database


class _Executes(Protocol):
    def execute(self, operation: str, /) -> object: ...


def write_ahead(cursor: _Executes) -> None:
    """Set the connection of `cursor` to WAL mode, in which readers and one writer overlap, and to full durability.

    While another process does the same to a new file, SQLite says at once that it is locked, whatever the timeout.

    Raises
    ------
    sqlite3.OperationalError
        The file is still locked after ten seconds.
    """
    until = monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_PAUSE)
    cursor.execute("PRAGMA synchronous = FULL")


def _check_version(named: str, found: int, oldest: int, version: int) -> None:
    if found > version:
        message = f"{named} has version {found}; this program reads versions up to {version}: use a newer one"
        raise IncompatibleError(message)
    if 0 < found < oldest:
        message = f"{named} has version {found}; this program reads versions {oldest} to {version}: move this file "
        raise IncompatibleError(f"{message}and the state beside it away, they are made again from the journal")


class Pool:
    """Connections that are borrowed and given back: reads that overlap on one would hold each other's snapshot.

    Parameters
    ----------
    connect : callable
        Makes a connection.
    spare : int
        How many stay open while nobody uses them.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], spare: int = 4) -> None:
        self._connect = connect
        self._spare: Queue[sqlite3.Connection] = Queue(spare)

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile."""
        try:
            connection = self._spare.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            try:
                self._spare.put_nowait(connection)
            except Full:
                connection.close()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while not self._spare.empty():
            self._spare.get_nowait().close()
