"""Gates: how far a project is from a working prototype, by evidence and by who accepted it."""
