"""Discussions: threads of comments beside a thing, without knowing what the thing is."""
