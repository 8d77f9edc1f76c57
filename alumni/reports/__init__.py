"""After an event: the report, what those who came say of it, and the group in which its people go on."""
