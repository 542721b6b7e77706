"""Consultation about complaints: safety first, what to ask next, how soon to be seen, what the library says. Never a
diagnosis, never a dose."""
