"""The report to funders, as of any date: to the cent from the ledger."""
