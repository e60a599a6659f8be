"""From raw data to the models that Belowline ships: ``make train``."""
