"""Messages between two members: a request with a note first, then a conversation."""
