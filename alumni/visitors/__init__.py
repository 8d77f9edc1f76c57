"""Coming to a public event without an account."""
