"""Readiness sheets of a project: what a prototype still lacks before it is handed over."""
