"""Cases and decisions: what waits for a person, in which order, and who may decide it."""
