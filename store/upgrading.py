"""Bringing an observation store that an older version wrote to this one: a step for each version, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from qingchuan.store.embedded_statements import VERSION

_PATIENCE = 30
"""How long to wait for whoever writes. [s]"""

_STEPS: Mapping[int, Sequence[str]] = {
    # What a step wrote is noted by the step, where it was found by an index over each row.
    2: (
        "CREATE TABLE written (up_to INTEGER PRIMARY KEY, starts TEXT NOT NULL)",
        """
        INSERT INTO written SELECT MAX(sequence), json_group_array(DISTINCT start)
        FROM current GROUP BY sequence / 2000
        """,
        "DROP INDEX current_by_sequence",
    ),
}
"""What brings a file from a version to the next one."""


def version_of(path: Path) -> int | None:
    """The version of the embedded store at `path`; None where there is none yet."""
    if not path.exists():
        return None
    with closing(_opened(path)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0]) or None


def is_older(path: Path) -> bool:
    """Whether the embedded store at `path` was written by an older version that can be brought to this one."""
    version = version_of(path)
    return version is not None and min(_STEPS) <= version < VERSION


def upgrade_observations(path: Path) -> None:
    """Bring the embedded store at `path` to this version; interrupted, it is as it was before.

    Examples
    --------
    >>> import tempfile
    >>> upgrade_observations(Path(tempfile.mkdtemp()) / "observations.sqlite")  # there is none
    """
    if not is_older(path):
        return
    with closing(_opened(path)) as database:
        database.execute("BEGIN IMMEDIATE")
        for version in range(database.execute("PRAGMA user_version").fetchone()[0], VERSION):
            for statement in _STEPS[version]:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that makes nothing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE)
