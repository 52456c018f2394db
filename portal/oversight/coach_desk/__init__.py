"""The coach's desk: which team needs attention first and why, what waits, who carries how much."""
