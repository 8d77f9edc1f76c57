"""What people agreed to, for which purpose, with whom, and when they took it back."""
