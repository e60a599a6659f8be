"""Threads: a story's public comments in reading order, a bounded page at a time."""
