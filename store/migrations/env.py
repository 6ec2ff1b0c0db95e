"""What Alembic runs a migration with: the connection that `qingchuan.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from qingchuan.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
