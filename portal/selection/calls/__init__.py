"""Calls for applications: what is asked, by when, on which criteria, for how many places."""
