"""Create the teams of a programme from the lines of a table, pasted or as a CSV file."""
