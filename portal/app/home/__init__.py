"""Home: the landing page of each role, the priorities of a project, and the main navigation."""
