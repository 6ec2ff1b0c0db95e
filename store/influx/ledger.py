"""The SQLite file beside the points: what is current, what was superseded, how far everything is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qingchuan.store.bookkeeping import Bookkeeping
from qingchuan.store.influx import ledger_statements as statements
from qingchuan.store.sqlite import connect


def open_ledger(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the ledger; it is made when missing.

    Raises
    ------
    IncompatibleError
        A newer version wrote it.
    """
    return connect(path, "ledger", statements.SCHEMA, statements.VERSION, read_only=read_only)


def applied(path: Path) -> int:
    """The message up to which everything has been applied; the server is not asked."""
    books = Bookkeeping(lambda: open_ledger(path, read_only=True))
    try:
        return books.sequence()
    finally:
        books.close()
