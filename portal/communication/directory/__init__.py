"""The directory: everybody who has an account, what they may do and where; for administrators."""
