"""Keys of an account for programs: what each may do, until when, and how it ends."""
