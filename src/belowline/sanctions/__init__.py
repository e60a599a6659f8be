"""What follows when a reader keeps breaking the rules: the published ladder, step by step."""
