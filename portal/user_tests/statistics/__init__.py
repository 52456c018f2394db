"""Figures of user tests, each with its uncertainty: computed, in sentences, as charts."""
