"""Projects: the file of a laureate team, its people, its state, and the rows that features add."""
