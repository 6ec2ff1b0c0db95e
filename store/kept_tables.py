"""What the state knows that no message of the journal tells: it is taken over when the rest is made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from qingchuan.store.journal_reader import is_damage
from qingchuan.store.migrate import migrate

KEPT = ("job", "job_run", "report")
"""Tables of work that was done by the clock, and of what it made. Notices are kept, too, with their episodes."""

_TOLD_OF = "SELECT DISTINCT episode FROM old.notice WHERE episode IS NOT NULL ORDER BY episode"
_SAME = """
SELECT new.id FROM episode AS new JOIN old.episode AS told ON new.rule = told.rule AND new.subject = told.subject
WHERE told.id = ? AND told.state != 'retracted' AND new.opened <= coalesce(told.closed, new.opened)
AND coalesce(new.closed, told.opened) >= told.opened ORDER BY abs(new.opened - told.opened) LIMIT 1
"""
"""The episode that follows now where people were told of one: of the same rule and subject, and at the same time."""


def keep(old: Path, new: Path) -> bool:
    """Take notices, and what was done by the clock, from the state `old` into `new`; False where it cannot be read.

    An episode that people were told of and that does not follow any more stays, as one that was retracted.

    Raises
    ------
    IncompatibleError
        A newer version wrote it.
    """
    if not old.exists():
        return False
    try:
        migrate(old)
        _copy(old, new)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not (isinstance(cause, sqlite3.Error) and is_damage(cause)):
            raise
        return False
    return True


def _copy(old: Path, new: Path) -> None:
    with closing(sqlite3.connect(new, isolation_level=None)) as database:
        database.execute("ATTACH ? AS old", (str(old),))
        database.execute("BEGIN IMMEDIATE")
        for table in KEPT:
            columns = _columns(database, table)
            database.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM old.{table}")
        _keep_notices(database)
        database.execute("COMMIT")


def _keep_notices(database: sqlite3.Connection) -> None:
    columns = _columns(database, "notice", without="episode")
    told = f"INSERT INTO notice (episode, {columns}) SELECT ?, {columns} FROM old.notice WHERE episode"
    database.execute(f"{told} IS ?", (None, None))
    for (episode,) in database.execute(_TOLD_OF).fetchall():
        found = database.execute(_SAME, (episode,)).fetchone()
        follows = found[0] if found else _retracted(database, episode)
        database.execute("UPDATE episode SET history = 0 WHERE id = ?", (follows,))
        database.execute(f"{told} = ?", (follows, episode))


def _retracted(database: sqlite3.Connection, episode: int) -> int | None:
    """A copy of an old episode that is retracted; its number."""
    columns = _columns(database, "episode", without="id")
    copied = f"INSERT INTO episode ({columns}) SELECT {columns} FROM old.episode WHERE id = ?"
    number = database.execute(copied, (episode,)).lastrowid
    database.execute("UPDATE episode SET state = 'retracted' WHERE id = ?", (number,))
    return number


def _columns(database: sqlite3.Connection, table: str, without: str = "") -> str:
    found = database.execute("SELECT name FROM pragma_table_info(?) WHERE name != ?", (table, without))
    return ", ".join(name for (name,) in found)
