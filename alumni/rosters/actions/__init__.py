"""What is done with rosters."""
