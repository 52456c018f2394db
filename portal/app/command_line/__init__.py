"""The `flask` commands of an installation."""
