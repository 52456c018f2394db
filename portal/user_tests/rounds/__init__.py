"""Tests of a prototype by people it is for: rounds, their tasks, what happened in each session."""
