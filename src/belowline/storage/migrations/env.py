"""Alembic's entry point: it runs on the connection that ``storage/migrate.py`` hands over."""

from __future__ import annotations

from alembic import context

from belowline.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
