"""Public cards: four short texts about a project that anybody may read."""
