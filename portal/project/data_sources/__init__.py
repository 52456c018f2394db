"""Data sources of a project: holder, legal basis, state of access, samples and quality."""
