"""Figures over all rounds of a project: coverage of target groups, trends, reports of rounds."""
