"""The event log: what can happen (``kinds``), and how it is written down and read (``log``)."""
