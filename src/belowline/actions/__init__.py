"""Every change to the world, grouped by noun; each action opens its own transaction."""
