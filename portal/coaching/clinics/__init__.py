"""Clinics: the help that a sprint asked for, taken by a coach, dated, held, closed."""
