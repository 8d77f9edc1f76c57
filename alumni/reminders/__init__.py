"""What those who come to an event are reminded of, each in their own evening, and their answer from the letter."""
