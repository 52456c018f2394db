"""Coaching sessions: when a team and its coaches met, what was said, what was decided of it."""
