"""Replies by mail: an incoming mail becomes a comment, or is refused with a mail that says why."""
