"""Final reports: what the support of a project came to, as a page and as a PDF."""
