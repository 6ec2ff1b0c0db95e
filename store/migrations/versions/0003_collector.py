"""What the collector keeps besides readings: faults, checks, imports, published figures, the memory of codecs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and note of dead letters that they were applied again."""
    op.add_column("dead_letter", sa.Column("tried", sa.Integer(), nullable=True))
    op.add_column("dead_letter", sa.Column("settled", sa.Integer(), nullable=True))
    _codec_memory()
    _fault()
    _station_check()
    _published()
    _import_file()


def _codec_memory() -> None:
    op.create_table(
        "codec_memory",
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("codec", "name", name=op.f("pk_codec_memory")),
        sqlite_with_rowid=False,
    )


def _fault() -> None:
    op.create_table(
        "fault",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("test", sa.String(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "period", "item", "test", "opened", name=op.f("pk_fault")),
    )
    op.create_index(op.f("ix_fault_sequence"), "fault", ["sequence"], unique=False)


def _station_check() -> None:
    op.create_table(
        "station_check",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("flagged", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", "subject", "item", "kind", "time", name=op.f("pk_station_check")),
    )
    op.create_index(op.f("ix_station_check_subject"), "station_check", ["subject"], unique=False)


def _published() -> None:
    op.create_table(
        "published",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "figure", "period", "sequence", name=op.f("pk_published")),
    )


def _import_file() -> None:
    op.create_table(
        "import_file",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_import_file")),
    )
