"""What anybody can check: the moderation log, and counters that agree with a recount."""
