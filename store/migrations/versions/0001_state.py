"""The state database as it first was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cursor",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursor")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "item", name=op.f("pk_dead_letter")),
    )
    op.create_index(op.f("ix_dead_letter_code"), "dead_letter", ["code"], unique=False)
    op.create_table(
        "decoding",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_decoding")),
    )
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=True),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("holding", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(op.f("ix_episode_opened"), "episode", ["opened"], unique=False)
    op.create_index(op.f("ix_episode_state"), "episode", ["state"], unique=False)
    op.create_index(op.f("ix_episode_subject"), "episode", ["subject"], unique=False)
    op.create_table(
        "repeated",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_repeated")),
    )
    op.create_table(
        "retained",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_retained")),
    )
    op.create_table(
        "subject",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("announcement", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "sequence", name=op.f("pk_subject")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("possibly_repeated", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_notice_episode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_episode"), "notice", ["episode"], unique=False)
    op.create_index(op.f("ix_notice_state"), "notice", ["state"], unique=False)
