"""Committees of a programme: date, members, agenda, and the record of the decisions taken."""
