"""The roof: the application, its command line, the demonstration, home and navigation."""
