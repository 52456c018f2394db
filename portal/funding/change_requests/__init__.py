"""Requests of teams to change what was agreed: delay, scope, budget, abandonment."""
