"""Access tokens: a person lets a program act for them, within a scope and for a time."""
