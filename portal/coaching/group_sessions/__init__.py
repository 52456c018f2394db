"""Group sessions of a programme: agenda, attendance by team, anonymous satisfaction survey."""
