"""Versions of a team's prototype, and the evaluation of its AI on held-out data."""
