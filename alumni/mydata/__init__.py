"""What one's own data are, where they go, taking them along, and leaving."""
