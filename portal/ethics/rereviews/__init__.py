"""Re-reviews: facts of a project that put a decided ethics review in question, each raised once."""
