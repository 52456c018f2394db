"""Accounts: people, sign-in, passwords, e-mail addresses and sessions."""
