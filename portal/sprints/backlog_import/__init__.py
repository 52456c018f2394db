"""A backlog from other tools and to them: import of their CSV, export to CSV and spreadsheets."""
