"""Sign-up, sign-in, proof of an address, the list of sign-ins, limits on tries."""
