"""Notifications, calendar feeds, replies by mail, and the directory of people."""
