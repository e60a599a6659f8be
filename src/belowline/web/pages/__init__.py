"""Pages for readers, complete without JavaScript."""
