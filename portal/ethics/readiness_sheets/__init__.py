"""Readiness sheets of a project: what a prototype lacks before it is handed over."""
