"""Health: signals computed from the facts of a project, shown beside what people declare."""
