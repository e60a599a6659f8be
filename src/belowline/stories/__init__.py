"""Stories: what comments are under, and how each takes them."""
