"""Rounds of user tests: plan, tasks, consent texts, sessions, imports, retention, figures."""
