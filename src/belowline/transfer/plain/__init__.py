"""Our own plain form, for whoever has comments in a system whose exports nobody reads.

It is documented field by field in ``docs/reference/plain-import.md``, as CSV files with headings or
as JSON lines. ``columns`` says what there is, ``fields`` reads one value, ``records`` turns one
record into ours, ``reading`` goes through the files.

Whoever writes such files writes a program or a query first, and gets it wrong at first. So what is
wrong with the form stops the import with the line and the column, and what is wrong with one
record leaves that record out, with the same.
"""
