"""The transparency sheet of a project's algorithm: its team writes it, its lead publishes it."""
