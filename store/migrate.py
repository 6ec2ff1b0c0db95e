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
    config = _config()
    try:
        with engine.begin() as connection:
            _check(connection, ScriptDirectory.from_config(config), path)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_older(path: Path) -> bool:
    """Whether an older version wrote the state database at `path`; False where there is none, or a newer one did."""
    if not path.exists():
        return False
    engine = open_engine(path)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return found is not None and found != newest_revision() and found in _known(ScriptDirectory.from_config(_config()))


def newest_revision() -> str:
    """The version of the state database that this program makes."""
    return max(_known(ScriptDirectory.from_config(_config())))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}


def _check(connection: Connection, scripts: ScriptDirectory, path: Path) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = _known(scripts)
    if found is not None and found not in known:
        message = f"state {path} has version {found}; this program knows versions up to {max(known)}: use a newer one"
        raise IncompatibleError(message)
