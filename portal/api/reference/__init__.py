"""The document of the API (OpenAPI 3.1) and its page."""
