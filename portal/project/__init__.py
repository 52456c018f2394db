"""A laureate's project: its team, framing and data sources."""
