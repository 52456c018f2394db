"""Forms, pages, errors, headers, assets and metrics: the HTTP side. Imports no feature."""
