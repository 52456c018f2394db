"""The command line of an installation: its first administrator, its assets, its demonstration."""
