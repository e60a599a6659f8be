"""Coral: what its tool ``utilities/download`` and ``mongoexport`` write, and its CSV files.

``reading`` goes through the files in the order that joins them without holding any, ``sorts`` tells
a record's collection by its fields, ``place`` knows which site is asked for. ``comments``,
``accounts``, ``sanctions`` and ``acts`` turn one record each into ours; ``values`` reads both ways
in which dates and numbers are written. ``tables`` brings the CSV files to the same records.

Secrets lie in these files: passwords, tokens, the keys that sign-in tokens are signed with. They
are never taken out of the records that hold them.
"""
