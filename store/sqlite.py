"""Opening an SQLite file of ours: durable, readable by several processes, and refused when a newer version wrote it."""

from __future__ import annotations

import sqlite3
from pathlib import Path


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
