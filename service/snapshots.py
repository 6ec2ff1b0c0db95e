"""Copying the databases of a running service as they all were at one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from qingchuan.store.head import sync

_PAGES = 256
"""So many pages are copied between two looks at the progress."""
_PATIENCE = 30
"""How long to wait for whoever writes. [s]"""


class Snapshot:
    """A database as it was at one moment.

    Parameters
    ----------
    path : Path
    database : sqlite3.Connection
        Within a transaction that reads.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database

    @property
    def size(self) -> int:
        """Of a copy [B]."""
        pages, each = (self._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages) * int(each)

    @property
    def applied(self) -> int | None:
        """The message up to which everything is done, where it is a store."""
        try:
            found = self._database.execute("SELECT sequence FROM progress").fetchone()
        except sqlite3.OperationalError:  # a store that nobody has written to yet
            return None
        return int(found[0])

    def copy(self, copy: Path, told: Callable[[int], object]) -> None:
        """Write it to the file `copy`, and let go of it: what is written meanwhile cannot be tidied away before.

        Parameters
        ----------
        copy : Path
            On disk when this returns.
        told : callable
            Called with the number of bytes that were copied since the last call.
        """
        page = self._database.execute("PRAGMA page_size").fetchone()[0]
        before = 0

        def tell(_status: int, remaining: int, total: int) -> None:
            nonlocal before
            before, copied = total - remaining, total - remaining - before
            told(copied * page)

        with closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = OFF")  # synced below, once
            database.execute("PRAGMA journal_mode = OFF")  # a copy that is interrupted is thrown away
            self._database.backup(database, pages=_PAGES, progress=tell)
        sync(copy)
        self._database.execute("ROLLBACK")


@contextmanager
def snapshots(journal: Path, observations: Path | None, state: Path) -> Iterator[dict[Path, Snapshot]]:
    """The databases, those of them that there are, as they were at one moment; None leaves the observations out.

    Whoever applies writes the state first and the observations after it. While the latter cannot be written, both are
    as a kill would leave them: between two batches, or between the two writes of one. The journal is looked at last, so
    that it reaches at least as far. Nobody waits for longer than looking takes: what is copied is what readers see.
    """
    with ExitStack() as stack:
        wanted = [path for path in (observations, state, journal) if path is not None and path.exists()]
        opened = {path: stack.enter_context(_opened(path)) for path in wanted}
        with _still(observations):
            for database in opened.values():
                database.execute("BEGIN")
                database.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # from here on it stays as it is
        yield {path: Snapshot(path, database) for path, database in opened.items()}


@contextmanager
def _still(path: Path | None) -> Iterator[None]:
    """Let nobody write to the database at `path`, if there is one."""
    if path is None or not path.exists():
        yield
        return
    with _opened(path) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that makes nothing: neither a file, nor tables, nor another version of them."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as database:
        database.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
        yield database
