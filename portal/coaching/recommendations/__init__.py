"""Recommendations: a coach's advice, the team's answer, the proof and its confirmation."""
