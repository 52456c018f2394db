"""Sprints: a team's short stretch of work towards one goal, and the log it leaves."""
