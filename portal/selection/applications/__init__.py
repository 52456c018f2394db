"""Applications to a call: what was answered, whether they are eligible, and their thread."""
