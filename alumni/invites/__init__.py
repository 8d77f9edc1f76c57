"""Members invite to their groups by letter or by link, organisers many at once."""
