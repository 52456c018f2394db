"""Findings and ethics of all teams of a programme: what is open, what is due, what is late."""
