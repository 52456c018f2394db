"""The page on which a coach prepares a session with a team."""
