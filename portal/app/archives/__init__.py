"""The archive of a programme: what a reader without the portal can open, and anybody can check."""
