"""The backlog: what a team has to do, sprint by sprint, and what its history says."""
