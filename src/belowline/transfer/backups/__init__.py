"""Backups: making one while readers write, keeping some, and proving that they can be restored."""
