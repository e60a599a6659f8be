"""The history of the schema, through Alembic."""
