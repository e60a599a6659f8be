"""Full text for the desk: which comments and decisions say something, and which are alike."""
