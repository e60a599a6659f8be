"""The demo: an invented local newspaper with its readers, stories and threads, ready to try.

``content`` reads the newspaper from the TOML files beside it; nothing in those files is real.
"""
