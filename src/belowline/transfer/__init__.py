"""Imports and exports: one neutral shape, one module or package a format.

``shape`` is what all importers yield. ``opening`` opens files without trust and ``gathering`` finds
those of an export that is several; ``jsonstream`` and ``csvrows`` read them a record at a time.
``wordpress`` (on top of ``wxr``), ``coral`` and ``plain`` (our own form) each read one format.
``htmltext`` turns foreign HTML into our source text, ``tree`` puts parents before replies. Nothing
here writes to the database; the import action does.
"""
