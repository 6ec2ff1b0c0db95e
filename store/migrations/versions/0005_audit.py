"""What auditors did, and months that were published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _audit_action()
    _audit_value()
    _publication()


def downgrade() -> None:
    """Remove them."""
    for name in ("publication_subject", "publication", "audit_value", "audit_action"):
        op.drop_table(name)


def _audit_action() -> None:
    op.create_table(
        "audit_action",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stated", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "number", name=op.f("pk_audit_action")),
    )
    op.create_index(op.f("ix_audit_action_subject"), "audit_action", ["subject"], unique=False)


def _audit_value() -> None:
    op.create_table(
        "audit_value",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "subject", "period", "start", "item", "sequence", "number", name=op.f("pk_audit_value")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_value_sequence"), "audit_value", ["sequence"], unique=False)


def _publication() -> None:
    op.create_table(
        "publication",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("data_sequence", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stated", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "version", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_publication_sequence"), "publication", ["sequence"], unique=False)
    op.create_table(
        "publication_subject",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "subject", name=op.f("pk_publication_subject")),
        sqlite_with_rowid=False,
    )
