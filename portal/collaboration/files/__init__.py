"""Files that people attach to things of a project; this floor does not know to what."""
