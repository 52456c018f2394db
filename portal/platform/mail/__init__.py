"""Letters on their way: written out, sent, tried again, given up; and the worker that does it."""
