"""The backlog: a team's items, their order, states and history."""
