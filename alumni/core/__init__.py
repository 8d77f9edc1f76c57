"""What any database application needs. Knows no Flask request, no room and no wording."""
