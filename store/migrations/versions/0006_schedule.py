"""The ledger of the schedule, reports, and notices that carry one: they belong to no episode."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let a notice belong to no episode."""
    op.create_table(
        "job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job", "start", name=op.f("pk_job_run")),
    )
    op.create_table(
        "report",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "start", name=op.f("pk_report")),
    )
    _drop_indexes()
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("episode", existing_type=sa.Integer(), nullable=True)
    _make_indexes()


def downgrade() -> None:
    """Remove the tables, and the notices that carry a report."""
    op.execute("DELETE FROM notice WHERE episode IS NULL")
    _drop_indexes()
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("episode", existing_type=sa.Integer(), nullable=False)
    _make_indexes()
    for name in ("report", "job_run", "job"):
        op.drop_table(name)


_INDEXED = ("episode", "state")
"""What is altered makes its indexes anew, in any order; databases are to be the same."""


def _drop_indexes() -> None:
    for column in _INDEXED:
        op.drop_index(op.f(f"ix_notice_{column}"), table_name="notice")


def _make_indexes() -> None:
    for column in _INDEXED:
        op.create_index(op.f(f"ix_notice_{column}"), "notice", [column], unique=False)
