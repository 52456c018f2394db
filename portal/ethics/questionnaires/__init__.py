"""Questionnaires as data: definitions with editions, answers, progress, scores, changes."""
