"""What is asked about rosters, and how the file that an agency has is read."""
