"""Portfolio: all the teams of a programme at once, those that need attention first."""
