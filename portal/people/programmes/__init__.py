"""Programmes: a call's cohort, its tracks, and the roles that people hold in it."""
