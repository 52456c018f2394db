"""The ledger: what was committed, asked, checked, paid and recovered; append-only."""
