"""The web floor: turns features into pages. The only floor that knows HTTP; knows no feature."""
