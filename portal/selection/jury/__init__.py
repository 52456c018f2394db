"""The jury of a call: conflicts of interest, assignments, and scores sealed until all are in."""
