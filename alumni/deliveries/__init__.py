"""Whether a letter may still go, what is new for somebody, and the letter that gathers it."""
