"""What follows from a change: consumers of the event log, and chores that follow the clock."""
