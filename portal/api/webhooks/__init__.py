"""Webhooks: what happens in a programme or a project is sent to addresses that its leads choose."""
