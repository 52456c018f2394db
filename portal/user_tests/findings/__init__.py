"""Findings of user tests: severity, sightings, correction in the backlog, retests, closing."""
