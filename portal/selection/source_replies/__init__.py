"""Replies to the source of a call: published decisions written back to Démarches simplifiées."""
