"""The directory of all accounts with their roles; for administrators."""
