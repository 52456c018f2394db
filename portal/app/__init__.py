"""The application, its command line, the demonstration, home and navigation."""
