"""Gates: twelve steps to a working prototype, proved by evidence and accepted by people."""
