"""How a thread meets the world outside: feeds, what machines read on a page, quotes elsewhere.

Everything here is the same for everybody, and holds nothing but published comments.
"""
