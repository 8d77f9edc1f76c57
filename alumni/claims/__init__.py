"""Claims and the desk that decides them."""
