"""Decisions: what a team awaits from its programme, the answer, and that the team read it."""
