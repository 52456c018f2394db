"""Tables that people upload, as CSV or Excel files, read in bounded memory."""
