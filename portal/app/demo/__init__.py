"""A demonstration of ten months: real laureates, invented deeds, told through people's commands."""
