"""The ranking of a call, and how firm it is."""
