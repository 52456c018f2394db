"""Discussions: threads of comments about an object, whose kind this feature does not know."""
