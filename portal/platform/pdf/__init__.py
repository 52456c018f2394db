"""PDF documents (PDF/UA-1), rendered with Typst from plain data."""
