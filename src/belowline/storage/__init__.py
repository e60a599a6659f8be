"""How things are kept: the schema, the database, and its migrations. Knows no policy."""
