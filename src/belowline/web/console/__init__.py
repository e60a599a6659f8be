"""The desk of moderators, editors and owners: whole pages that work without a script."""
