"""The whole installation as files: writing it out, checking it, and loading it elsewhere."""
