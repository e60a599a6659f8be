"""Figures of one process for Prometheus, where ``metrics_key`` is set; imported only then.

``meter`` counts, ``door`` answers ``GET /metrics``, ``facts`` looks up what nobody counts. No label
has anything of a reader, a site or a story in it.
"""
