"""The dates of a person, in the calendar program of their choice."""
