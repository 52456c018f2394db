"""The decision of a call: deliberation, letters, publication, appeals, laureates."""
