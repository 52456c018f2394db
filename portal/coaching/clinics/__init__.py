"""Clinics: a coach claims a sprint's help request, schedules it, conducts it and closes it."""
