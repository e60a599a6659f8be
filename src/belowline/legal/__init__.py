"""What the law asks of a publisher: notices of defamation, with their clocks and letters."""
