"""Funding: agreements, instalments paid by evidence, changes, the ledger and its report."""
