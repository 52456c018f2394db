"""Replies by mail: what comes in becomes a comment, or is refused with a mail that says why."""
