"""Coaches' notes on a project, readable only by its coaches and its programme's leads."""
