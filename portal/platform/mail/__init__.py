"""Outgoing mail: rendering, sending with retries, and the worker process."""
