"""What members write to their group."""
