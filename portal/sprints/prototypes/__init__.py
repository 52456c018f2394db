"""What a team has built and shown, version by version, and how its AI does on data it never saw."""
