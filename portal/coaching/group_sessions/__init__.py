"""Collective sessions of a programme: their agenda, who came of each team, what they thought."""
