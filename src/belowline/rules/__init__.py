"""Rules and rulebooks: versioned, published, accepted, cited."""
