"""What is meant to be fast, measured: ``make bench`` runs all of it and prints one table."""
