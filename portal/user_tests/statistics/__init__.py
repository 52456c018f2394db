"""Figures of user tests, each with its uncertainty: how they are counted, said and drawn."""
