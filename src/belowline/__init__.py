"""Belowline: comments for news publishers, where commenting is a privilege."""

__version__ = "0.1.0"
