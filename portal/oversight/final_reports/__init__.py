"""What the support of a project came to: its end-of-support report."""
