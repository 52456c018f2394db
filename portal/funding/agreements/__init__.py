"""Agreements of projects: parties, amount, plan of instalments, signature, amendments."""
