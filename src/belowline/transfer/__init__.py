"""Imports and exports: one neutral shape, one module or package a format.

``shape`` is what all importers yield, ``formats`` lists them. ``opening`` opens files without
trust, ``gathering`` finds those of an export that is several, ``recognise`` says what they are.
``wordpress`` (on top of ``wxr``) reads one format, as do its siblings; ``coral`` and ``plain`` (our
own form) are packages. ``jsonstream``, ``csvrows`` and ``safexml`` read files a record at a time,
``htmltext`` turns foreign HTML into our source text. ``intake`` takes in what they yield, in three
passes: ``taking`` puts it into a ``landing`` file, ``arranging`` puts it in order there, and
``storing`` stores it, a batch a transaction. ``undoing`` takes an import back.
"""
