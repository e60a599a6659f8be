"""Who a reader is, how they sign in, and what they may do at a site now."""
