"""The demonstration: ten months of real laureates and invented events, created by commands."""
