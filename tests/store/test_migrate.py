"""Bringing the state database to the version of this program."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from qingchuan.store.migrate import migrate
from qingchuan.store.sqlite import IncompatibleError
from qingchuan.store.state import open_engine
from qingchuan.store.tables import metadata


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    """Whoever changes a table writes its migration."""
    migrate(tmp_path / "state.sqlite")
    engine = open_engine(tmp_path / "state.sqlite")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    """Every process does it at its start."""
    migrate(tmp_path / "state.sqlite")
    before = (tmp_path / "state.sqlite").read_bytes()
    migrate(tmp_path / "state.sqlite")
    assert (tmp_path / "state.sqlite").read_bytes() == before


def test_a_newer_state_is_refused(tmp_path: Path) -> None:
    """An older program does not touch what it does not know."""
    migrate(tmp_path / "state.sqlite")
    database = sqlite3.connect(tmp_path / "state.sqlite")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    with pytest.raises(IncompatibleError, match="has version 9999; this program knows versions up to 0006"):
        migrate(tmp_path / "state.sqlite")
