"""Discussions and attached files, which any object of a project may have."""
