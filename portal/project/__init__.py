"""The wing of projects: the project itself, its framing and its data sources."""
