"""Prototypes tried by real users: rounds, findings, their statistics and reports."""
