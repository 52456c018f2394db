"""Notifications: who receives them, by which channel and when; preferences and mutes."""
