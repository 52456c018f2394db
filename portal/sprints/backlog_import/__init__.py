"""Import of a backlog from the CSV files of other tools; export to CSV and spreadsheets."""
