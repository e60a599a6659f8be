"""Imports and exports: one neutral shape, one module a format.

``shape`` is what all importers yield. ``opening`` opens files without trust, ``wordpress`` (on top
of ``wxr``) reads one format, ``htmltext`` turns foreign HTML into our source text, ``tree`` puts
parents before replies. Nothing here writes to the database; the import action does.
"""
