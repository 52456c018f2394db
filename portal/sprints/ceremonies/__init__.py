"""Demonstrations and retrospectives at the end of a sprint, and the actions they decide."""
