"""Programmes: cohorts of projects, their tracks, roles and invitations."""
