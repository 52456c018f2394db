"""What can stand beside anything in a project: discussions and attached files."""
