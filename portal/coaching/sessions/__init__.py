"""Coaching sessions: meetings of a team with its coaches, their minutes and decisions."""
