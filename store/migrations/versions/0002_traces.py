"""What messages leave behind: numbers that are missing, windows, clocks; and whom dead letters are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and widen that of dead letters."""
    op.add_column("dead_letter", sa.Column("subject", sa.String(), nullable=False, server_default=""))
    op.add_column("dead_letter", sa.Column("start", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_dead_letter_subject"), "dead_letter", ["subject"], unique=False)
    op.create_table(
        "trace",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=True),
        sa.Column("moment", sa.Integer(), nullable=False),
        sa.Column("began", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("unread_at", sa.Integer(), nullable=True),
        sa.Column("delays", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_trace")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gap",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_gap")),
    )
    op.create_index(op.f("ix_gap_subject"), "gap", ["subject"], unique=False)
    op.create_index(op.f("ix_gap_state"), "gap", ["state"], unique=False)
    op.create_table(
        "window",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_window")),
    )
    op.create_table(
        "connected",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_connected")),
        sqlite_with_rowid=False,
    )
