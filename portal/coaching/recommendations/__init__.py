"""Recommendations: what a coach advises, what the team answers, what proves that it was done."""
