"""The operator's page: what waits, what comes, what ends."""
