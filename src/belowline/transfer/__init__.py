"""Imports and exports: one neutral shape, one module a format.

``shape`` is what all importers yield, ``formats`` lists them. ``opening`` opens files without
trust, ``wordpress`` (on top of ``wxr``) reads one format, ``htmltext`` turns foreign HTML into our
source text. ``intake`` takes in what they yield, in three passes: ``taking`` puts it into a
``landing`` file, ``arranging`` puts it in order there, and ``storing`` stores it, a batch a
transaction. ``undoing`` takes an import back.
"""
