"""Sites: what they are, their settings, and who has which role there."""
