"""The automatic checks before publication: each a small pure function that answers with a verdict.

``pipeline`` runs them all, ``settle`` turns their verdicts into publish, hold or refuse, and
``messages`` says it to the author. Nothing is kept here: the action stores what the screens said.
"""
