"""A second look at a decision, by somebody else."""
