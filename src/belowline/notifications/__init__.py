"""What a reader is told, when, and in which words."""
