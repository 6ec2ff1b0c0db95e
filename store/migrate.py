"""Bringing the state database to the version of this program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from qingchuan.store.sqlite import IncompatibleError
from qingchuan.store.state import open_engine, writing

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path) -> None:
    """Make the state database at `path`, or bring it to this version.

    Raises
    ------
    IncompatibleError
        A newer version wrote it.

    Examples
    --------
    >>> import tempfile
    >>> migrate(Path(tempfile.mkdtemp()) / "state.sqlite")
    """
    engine = writing(open_engine(path))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            _check(connection, ScriptDirectory.from_config(config), path)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _check(connection: Connection, scripts: ScriptDirectory, path: Path) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        message = f"state {path} has version {found}; this program knows versions up to {max(known)}: use a newer one"
        raise IncompatibleError(message)
