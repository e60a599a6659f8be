"""What readers report: how much each report weighs and what it asks for."""
