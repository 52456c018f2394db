"""Framing of a project: target groups, assumptions, interviews and impact metrics."""
