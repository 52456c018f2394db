"""Whom a project serves, what it takes for granted, what it heard, and what it wants to change."""
