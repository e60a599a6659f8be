"""Comments: what one is, where it stands, who may change it, and how it is kept."""
