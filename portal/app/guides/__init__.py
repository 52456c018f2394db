"""The guides of `docs/` that people read in the portal, a section a page."""
